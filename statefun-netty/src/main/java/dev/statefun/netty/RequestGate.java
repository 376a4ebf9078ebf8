package dev.statefun.netty;

import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.UnexpectedRequestException;
import dev.statefun.endpoint.access.AccessRefusal;
import dev.statefun.endpoint.access.EndpointAccess;
import org.jspecify.annotations.Nullable;

/**
 * Decides on requests by their heads, in this order: path, address and secret, as
 * {@link EndpointAccess} does, then the method, then content type and size.
 * <p>
 * Thread-safe.
 */
final class RequestGate {

	private final Endpoint endpoint;

	private final EndpointAccess access;

	private final EndpointPath path;

	/**
	 * Create a gate.
	 * @param endpoint decides on content type and size
	 * @param access decides on addresses and secrets
	 * @param path path of the endpoint
	 */
	RequestGate(Endpoint endpoint, EndpointAccess access, EndpointPath path) {
		this.endpoint = endpoint;
		this.access = access;
		this.path = path;
	}

	/**
	 * Decide whether a request may reach the endpoint.
	 * @param head its head
	 * @param peerAddress address at the other end of the connection, in numbers
	 * @return the answer to a refused request, or {@code null} to continue
	 */
	@Nullable Answer refusal(RequestHead head, String peerAddress) {
		String rest = this.path.restOf(head.target());
		// Nothing but the endpoint is served on the port
		AccessRefusal refusal = (rest != null) ? this.access.check(peerAddress, true, rest)
				: this.access.checkOther(peerAddress, true);
		if (refusal != null) {
			return Answer.refusal(refusal);
		}
		if (rest == null) {
			return Answer.NOT_FOUND;
		}
		return head.isPost() ? null : Answer.METHOD_NOT_ALLOWED;
	}

	/**
	 * Return the problem of a request that may reach the endpoint.
	 * @param head its head
	 * @return the problem, or {@code null} to continue
	 */
	@Nullable UnexpectedRequestException problem(RequestHead head) {
		return this.endpoint.refusal(head.contentType(), head.announced());
	}

}
