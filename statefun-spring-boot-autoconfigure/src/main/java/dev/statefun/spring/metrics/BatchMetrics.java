package dev.statefun.spring.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.statefun.sdk.BatchListener;
import dev.statefun.sdk.BatchOutcome;
import dev.statefun.sdk.BatchReport;
import dev.statefun.sdk.FunctionType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Counts and times batches: the timer {@code statefun.batch}, with the tags
 * {@code function} and {@code outcome}. Requests for functions that are not served here
 * share the tag {@code unknown}, and ids are no tags, so that the number of meters is
 * bounded by the registry.
 *
 * @since 0.1.0
 */
public final class BatchMetrics implements BatchListener {

	private final MeterRegistry registry;

	private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

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
			.tag("outcome", key.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.register(this.registry);
	}

	private record Key(@Nullable FunctionType function, BatchOutcome outcome) {

	}

}
