package dev.statefun.spring.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.StatefulFunctions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NettyMetrics}.
 */
class NettyMetricsTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final AtomicInteger connections = new AtomicInteger();

	private final NettyMetrics metrics = new NettyMetrics(this.registry,
			StatefulFunctions.builder()
				.register("test/one", new Ignoring())
				.register("test/two", new Ignoring())
				.build(),
			this.connections::get);

	private double count(String meter, String function) {
		return this.registry.get(meter).tag("function", function).counter().count();
	}

	@Test
	void blocksAreCountedByFunction() {
		this.metrics.blocked(FunctionType.of("test", "one"), Duration.ofMillis(5), 3);
		this.metrics.blocked(FunctionType.of("test", "one"), Duration.ofMillis(6), 4);
		this.metrics.blocked(FunctionType.of("test", "unknown"), Duration.ofMillis(6), 4);
		assertThat(count("statefun.server.blocked", "test/one")).isEqualTo(2);
		assertThat(count("statefun.server.blocked.connections", "test/one")).isEqualTo(7);
		assertThat(count("statefun.server.blocked", "test/two")).isZero();
		assertThat(this.registry.find("statefun.server.blocked").counters()).hasSize(2);
	}

	@Test
	void openConnectionsAreShown() {
		this.connections.set(5);
		assertThat(this.registry.get("statefun.server.connections").gauge().value()).isEqualTo(5);
	}

	/**
	 * Function without effects.
	 */
	static final class Ignoring {

		@Handler
		void on(int message) {
		}

	}

}
