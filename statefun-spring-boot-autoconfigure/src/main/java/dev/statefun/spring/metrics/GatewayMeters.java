package dev.statefun.spring.metrics;

import dev.statefun.sdk.FunctionType;
import dev.statefun.spring.gateway.client.GatewayRequestsListener;
import dev.statefun.spring.gateway.function.GatewayEvent;
import dev.statefun.spring.gateway.function.GatewayListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Meters of what a gateway does, and of replies that the client did not wait for.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class GatewayMeters implements GatewayListener, GatewayRequestsListener {

	private final MeterRegistry registry;

	private final Counter unexpected;

	/**
	 * Create the meters.
	 * @param registry registry of the meters
	 */
	public GatewayMeters(MeterRegistry registry) {
		Assert.notNull(registry, "'registry' must not be null");
		this.registry = registry;
		this.unexpected = Counter.builder("statefun.client.replies.unexpected")
			.description("Replies that came twice, or after the waiting for them had ended")
			.register(registry);
	}

	@Override
	public void happened(GatewayEvent event, @Nullable FunctionType target) {
		Counter.builder("statefun.gateway.events")
			.description("What the gateway did with requests and replies")
			.tag("event", event.tag())
			.tag("function", (target != null) ? target.toString() : "none")
			.register(this.registry)
			.increment();
	}

	@Override
	public void unexpectedReply() {
		this.unexpected.increment();
	}

}
