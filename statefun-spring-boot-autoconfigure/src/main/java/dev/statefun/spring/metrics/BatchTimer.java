package dev.statefun.spring.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Counts and times batches: the timer {@code statefun.batch}, with the tags
 * {@code function}, {@code outcome} and {@code error}. Requests for functions that are
 * not served here share the tag {@code unknown}. If batches are observed, their
 * observations have a timer of the same name, and this one is not needed.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class BatchTimer implements BatchListener {

	private static final int OUTCOMES = BatchOutcome.values().length;

	private final MeterRegistry registry;

	/** Timers without an error, which most batches use. */
	private final Map<FunctionType, AtomicReferenceArray<@Nullable Timer>> withoutError = new ConcurrentHashMap<>();

	private final Map<Key, Timer> withError = new ConcurrentHashMap<>();

	/**
	 * Create the timers.
	 * @param registry registry of the timers, each registered when it first counts
	 */
	public BatchTimer(MeterRegistry registry) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
	}

	@Override
	public void batchEnded(BatchReport report) {
		timerFor(report).record(report.nanos(), TimeUnit.NANOSECONDS);
	}

	private Timer timerFor(BatchReport report) {
		FunctionType function = report.function();
		Throwable failure = report.failure();
		if (failure != null || function == null) {
			return this.withError.computeIfAbsent(
					new Key(function, report.outcome(), (failure != null) ? failure.getClass() : null), this::timer);
		}
		AtomicReferenceArray<@Nullable Timer> timers = this.withoutError.get(function);
		if (timers == null) {
			timers = this.withoutError.computeIfAbsent(function, (type) -> new AtomicReferenceArray<>(OUTCOMES));
		}
		Timer timer = timers.get(report.outcome().ordinal());
		if (timer == null) {
			timer = timer(new Key(function, report.outcome(), null));
			timers.set(report.outcome().ordinal(), timer);
		}
		return timer;
	}

	private Timer timer(Key key) {
		return Timer.builder("statefun.batch")
			.description("Batches of messages for one function instance")
			.tag("function", (key.function() != null) ? key.function().toString() : "unknown")
			.tag("outcome", TagValues.of(key.outcome()))
			.tag("error", (key.error() != null) ? key.error().getSimpleName() : "none")
			.register(this.registry);
	}

	private record Key(@Nullable FunctionType function, BatchOutcome outcome, @Nullable Class<?> error) {

	}

}
