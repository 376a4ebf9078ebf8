package dev.statefun.spring.observation;

import dev.statefun.netty.EndpointPath;
import dev.statefun.netty.RequestHead;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Observation context of an HTTP request that Netty serves. A trace of the client
 * continues.
 *
 * @since 0.1.0
 */
public final class EndpointRequestObservationContext extends ReceiverContext<RequestHead> {

	private final RequestHead head;

	private final EndpointPath endpoint;

	private volatile int status;

	/**
	 * Create a context.
	 * @param head head of the request
	 * @param endpoint path of the endpoint
	 */
	public EndpointRequestObservationContext(RequestHead head, EndpointPath endpoint) {
		super((carrier, key) -> carrier.header(key), Kind.SERVER);
		Assert.notNull(head, "'head' must not be null");
		Assert.notNull(endpoint, "'endpoint' must not be null");
		this.head = head;
		this.endpoint = endpoint;
		setCarrier(head);
	}

	/**
	 * Return the method of the request.
	 * @return the method as the client has sent it, or {@code null} if that was not HTTP
	 */
	public @Nullable String method() {
		return this.head.isValid() ? this.head.method() : null;
	}

	/**
	 * Return the path of the endpoint.
	 * @return the path without a secret, or {@code null} if the request is not for the
	 * endpoint
	 */
	public @Nullable String pathPattern() {
		return (this.head.isValid() && this.endpoint.isTargetOf(this.head.target())) ? this.endpoint.toString() : null;
	}

	/**
	 * Return the path of the request.
	 * @return the path as the client has sent it, without a secret, or {@code null} if
	 * that was not HTTP
	 */
	public @Nullable String path() {
		return this.head.isValid() ? this.endpoint.shown(this.head.target()) : null;
	}

	/**
	 * Return the status of the answer.
	 * @return the status, or 0 if the request was not answered, or not yet
	 */
	public int status() {
		return this.status;
	}

	void status(int status) {
		this.status = status;
	}

}
