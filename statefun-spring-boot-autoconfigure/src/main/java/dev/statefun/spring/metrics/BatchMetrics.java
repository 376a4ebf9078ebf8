package dev.statefun.spring.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.BatchListener;
import dev.statefun.sdk.BatchOutcome;
import dev.statefun.sdk.BatchReport;
import dev.statefun.sdk.FailedInvocation;
import dev.statefun.sdk.FailureAction;
import dev.statefun.sdk.FailureKind;
import dev.statefun.sdk.FunctionType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Counts and times batches: the timer {@code statefun.batch}, with the tags
 * {@code function} and {@code outcome}; and counts failed messages: the counter
 * {@code statefun.failures}, with the tags {@code function}, {@code kind} and
 * {@code action}. Requests for functions that are not served here share the tag
 * {@code unknown}, and ids are no tags, so that the number of meters is bounded by the
 * registry.
 *
 * @since 0.1.0
 */
public final class BatchMetrics implements BatchListener {

	private final MeterRegistry registry;

	private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

	private final Map<FailureKey, Counter> failures = new ConcurrentHashMap<>();

	/**
	 * Create the meters.
	 * @param registry where they are registered, each when it first counts
	 */
	public BatchMetrics(MeterRegistry registry) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
	}

	@Override
	public void batchEnded(BatchReport report) {
		this.timers.computeIfAbsent(new Key(report.function(), report.outcome()), this::timer)
			.record(report.duration());
	}

	private Timer timer(Key key) {
		return Timer.builder("statefun.batch")
			.description("Batches of messages for one function instance")
			.tag("function", (key.function() != null) ? key.function().toString() : "unknown")
			.tag("outcome", nameOf(key.outcome()))
			.register(this.registry);
	}

	@Override
	public void invocationFailed(FailedInvocation failed, FailureAction action) {
		this.failures
			.computeIfAbsent(new FailureKey(failed.self().type(), failed.kind(), nameOf(action)), this::counter)
			.increment();
	}

	private Counter counter(FailureKey key) {
		return Counter.builder("statefun.failures")
			.description("Messages that a function could not handle")
			.tag("function", key.function().toString())
			.tag("kind", nameOf(key.kind()))
			.tag("action", key.action())
			.register(this.registry);
	}

	private static String nameOf(FailureAction action) {
		if (action instanceof FailureAction.DeadLetterTo) {
			return "dead-letter";
		}
		return (action == FailureAction.skip()) ? "skip" : "retry";
	}

	private static String nameOf(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private record Key(@Nullable FunctionType function, BatchOutcome outcome) {

	}

	private record FailureKey(FunctionType function, FailureKind kind, String action) {

	}

}
