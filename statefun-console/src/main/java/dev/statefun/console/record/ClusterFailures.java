package dev.statefun.console.record;

import java.time.Instant;
import java.time.InstantSource;

import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;

/**
 * Keeps failed requests of a cluster in which no single message failed, such as late
 * ones, and notes when an instance works again. The local runtime reports both itself.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ClusterFailures implements BatchObserver {

	private final FailureLog failures;

	private final InstantSource clock;

	/**
	 * Create an observer.
	 * @param failures takes the failures
	 * @param clock provides times
	 */
	public ClusterFailures(FailureLog failures, InstantSource clock) {
		this.failures = failures;
		this.clock = clock;
	}

	@Override
	public BatchScope follow(Address self) {
		return new Request(self, this.clock.instant());
	}

	/**
	 * A request in flight.
	 */
	private final class Request implements BatchScope {

		private final Address self;

		private final Instant began;

		Request(Address self, Instant began) {
			this.self = self;
			this.began = began;
		}

		@Override
		public ThreadScope enter() {
			return RequestRecorder.NO_THREAD;
		}

		@Override
		public void end(BatchReport report) {
			FailureLog failures = ClusterFailures.this.failures;
			Throwable failure = report.failure();
			if (report.outcome() == BatchOutcome.REPLIED) {
				failures.succeeded(this.self);
			}
			else if (failure != null && !failures.isOpen(this.self, this.began)) {
				failures.add(Kind.FAILURE, ClusterFailures.this.clock.instant(), this.self, null,
						FailureDetail.of((failure.getCause() != null) ? failure.getCause() : failure, "retry"), true);
			}
		}

	}

}
