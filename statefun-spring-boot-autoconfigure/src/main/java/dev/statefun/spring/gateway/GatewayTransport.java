package dev.statefun.spring.gateway;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Carries requests to a gateway and replies back. There is one for each application
 * instance.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface GatewayTransport {

	/**
	 * Return where replies to this application instance go.
	 * @return the destination
	 */
	ReplyDestination replyDestination();

	/**
	 * Begin to receive replies. Called once, before any request is sent.
	 * @param replies takes the bytes of each reply that is for this application instance,
	 * some of them more than once; must not block
	 */
	void receive(Consumer<byte[]> replies);

	/**
	 * Return whether a reply to a request that is sent now would be received.
	 * @return {@code false} for example as long as the broker has not been reached since
	 * the start
	 */
	boolean isReady();

	/**
	 * Send a request. The order of the requests for one instance is kept.
	 * @param instance id of the instance of the gateway function
	 * @param request bytes of the request
	 * @param timeout maximum duration of the sending, before the stage fails
	 * @return completes when the request will not be lost any more, or fails with the
	 * reason why that is unknown
	 */
	CompletionStage<Void> send(String instance, byte[] request, Duration timeout);

}
