package dev.statefun.spring.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

import dev.statefun.netty.BlockListener;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.StatefulFunctions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.util.Assert;

/**
 * Meters of the Netty server of the endpoint: its connections, and functions that block
 * its event loops.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class NettyMetrics implements BlockListener {

	private final Map<FunctionType, Blocks> blocks = new HashMap<>();

	/**
	 * Register the meters.
	 * @param registry registry of the meters
	 * @param functions the functions of the server
	 * @param connections counts the open connections
	 */
	public NettyMetrics(MeterRegistry registry, StatefulFunctions functions, IntSupplier connections) {
		Assert.notNull(registry, "'registry' must not be null");
		Assert.notNull(functions, "'functions' must not be null");
		Assert.notNull(connections, "'connections' must not be null");
		Gauge.builder("statefun.server.connections", connections, IntSupplier::getAsInt)
			.description("Open connections to the Netty server")
			.strongReference(true)
			.register(registry);
		functions.functions()
			.forEach((function) -> this.blocks.put(function.type(), Blocks.of(function.type(), registry)));
	}

	@Override
	public void blocked(FunctionType function, Duration time, int neighbors) {
		Blocks counters = this.blocks.get(function);
		if (counters != null) {
			counters.batches.increment();
			counters.connections.increment(neighbors);
		}
	}

	/**
	 * Counters of one function.
	 *
	 * @param batches batches that have blocked an event loop
	 * @param connections other connections of these loops
	 */
	private record Blocks(Counter batches, Counter connections) {

		private static Blocks of(FunctionType function, MeterRegistry registry) {
			return new Blocks(
					counter("statefun.server.blocked", "Batches that blocked an event loop of the Netty server",
							function, registry),
					counter("statefun.server.blocked.connections",
							"Other connections of these event loops, whose requests waited", function, registry));
		}

		private static Counter counter(String name, String description, FunctionType function, MeterRegistry registry) {
			return Counter.builder(name)
				.description(description)
				.tag("function", function.toString())
				.register(registry);
		}

	}

}
