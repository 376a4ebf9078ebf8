package dev.statefun.spring.observation;

import java.util.function.Supplier;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observes batches: each is the current observation on all threads that run its handlers.
 * Batches without any handler call are observed when they end.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BatchObservations implements BatchObserver, BatchListener {

	private static final BatchObservationConvention DEFAULT = new DefaultBatchObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable BatchObservationConvention convention;

	/**
	 * Create the observer.
	 * @param registry registry of the observations
	 * @param convention convention for their names, or {@code null} for the default
	 */
	public BatchObservations(ObservationRegistry registry, @Nullable BatchObservationConvention convention) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public BatchScope follow(Address self) {
		BatchObservationContext context = new BatchObservationContext(self);
		return new ObservedBatch(observation(() -> context).start(), context);
	}

	@Override
	public void batchEnded(BatchReport report) {
		boolean followed = report.outcome() == BatchOutcome.REPLIED || report.outcome() == BatchOutcome.RETRIED;
		if (!followed) {
			BatchObservationContext context = new BatchObservationContext(null);
			context.end(report);
			end(observation(() -> context).start(), report);
		}
	}

	private Observation observation(Supplier<BatchObservationContext> context) {
		return StatefunObservationDocumentation.BATCH.observation(this.convention, DEFAULT, context, this.registry);
	}

	private static void end(Observation observation, BatchReport report) {
		Throwable failure = report.failure();
		try {
			if (failure != null) {
				observation.error(failure);
			}
		}
		finally {
			observation.stop();
		}
	}

	private record ObservedBatch(Observation observation, BatchObservationContext context) implements BatchScope {

		// A thread that enters while a message is handled goes on with it, as one of a
		// retry does
		@Override
		public ThreadScope enter() {
			Observation message = this.context.message();
			return new ObservedThread(((message != null) ? message : this.observation).openScope());
		}

		@Override
		public void end(BatchReport report) {
			this.context.end(report);
			BatchObservations.end(this.observation, report);
		}

	}

	private record ObservedThread(Observation.Scope scope) implements BatchScope.ThreadScope {

		@Override
		public void invoking(Context context) {
		}

		@Override
		public void leave() {
			this.scope.close();
		}

	}

}
