package dev.statefun.spring.gateway.function;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import dev.statefun.spring.gateway.GatewayName;

/**
 * Settings of a gateway function.
 *
 * @param name name of the gateway
 * @param replyTopics topics that replies may be written to
 * @param maxRequestSize maximum size of a request with its envelope, in bytes
 * @param maxReplySize maximum size of a reply with its envelope, in bytes
 * @param keep time for which the outcome of a request with an idempotency key is kept
 * @since 0.1.0
 */
public record GatewaySettings(GatewayName name, Set<String> replyTopics, int maxRequestSize, int maxReplySize,
		Duration keep) {

	/**
	 * Create the settings.
	 * @param name name of the gateway
	 * @param replyTopics topics that replies may be written to
	 * @param maxRequestSize maximum size of a request, in bytes
	 * @param maxReplySize maximum size of a reply, in bytes
	 * @param keep time for which an outcome is kept
	 */
	public GatewaySettings {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(keep, "'keep' must not be null");
		replyTopics = Set.copyOf(replyTopics);
	}

}
