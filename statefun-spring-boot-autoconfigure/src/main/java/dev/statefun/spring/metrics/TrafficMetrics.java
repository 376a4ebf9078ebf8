package dev.statefun.spring.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.util.Assert;

/**
 * Meters of requests in flight, waiting, rejected and delivered twice, and of stuck
 * batches.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class TrafficMetrics implements TrafficListener {

	private final Map<Rejection, Counter> rejections = new EnumMap<>(Rejection.class);

	private final Timer queued;

	/**
	 * Register the meters.
	 * @param registry registry of the meters
	 * @param admission counts requests in flight
	 * @param redeliveries knows running batches and second deliveries
	 * @param stuckAfter time after which a running batch counts as stuck
	 */
	public TrafficMetrics(MeterRegistry registry, Admission admission, Redeliveries redeliveries, Duration stuckAfter) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(admission, "'admission' must not be null");
		Assert.notNull(redeliveries, "'redeliveries' must not be null");
		Assert.notNull(stuckAfter, "'stuckAfter' must not be null");
		Gauge.builder("statefun.requests.active", admission, Admission::requestsInFlight)
			.description("Requests in flight")
			.register(registry);
		Gauge.builder("statefun.requests.active.size", admission, Admission::bytesInFlight)
			.description("Size of the requests in flight")
			.baseUnit("bytes")
			.register(registry);
		Gauge.builder("statefun.requests.waiting", admission, Admission::requestsWaiting)
			.description("Requests that wait for room")
			.register(registry);
		Gauge.builder("statefun.batches.stuck", redeliveries, (running) -> running.runningFor(stuckAfter).size())
			.description("Batches that have been running for longer than 'statefun.health.stuck-after'")
			.register(registry);
		redelivered(registry, "joined", redeliveries, Redeliveries::joined);
		redelivered(registry, "answered", redeliveries, Redeliveries::answered);
		for (Rejection reason : Rejection.values()) {
			this.rejections.put(reason,
					Counter.builder("statefun.requests.rejected")
						.description("Requests that were rejected before their function was called")
						.tag("reason", TagValues.of(reason))
						.register(registry));
		}
		this.queued = Timer.builder("statefun.requests.queued")
			.description("Requests that waited for room")
			.register(registry);
	}

	private static void redelivered(MeterRegistry registry, String kind, Redeliveries redeliveries,
			ToDoubleFunction<Redeliveries> count) {
		FunctionCounter.builder("statefun.redeliveries", redeliveries, count)
			.description("Second deliveries that got the reply of the first one")
			.tag("kind", kind)
			.register(registry);
	}

	@Override
	public void rejected(Rejection reason) {
		Counter counter = this.rejections.get(reason);
		if (counter != null) {
			counter.increment();
		}
	}

	@Override
	public void waited(Duration time) {
		this.queued.record(time);
	}

}
