package dev.statefun.spring.gateway.client;

/**
 * Receives events on the client side of a gateway, on threads that must not block.
 * Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GatewayRequestsListener {

	/**
	 * Called when a reply came a second time, or after the waiting for it had ended.
	 */
	void unexpectedReply();

}
