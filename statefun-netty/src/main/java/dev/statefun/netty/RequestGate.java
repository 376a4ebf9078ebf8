package dev.statefun.netty;

import java.util.List;

import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.UnexpectedRequestException;
import dev.statefun.endpoint.access.AccessRefusal;
import dev.statefun.endpoint.access.EndpointAccess;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
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
	@Nullable Answer refusal(HttpRequest head, String peerAddress) {
		String rest = this.path.restOf(head.uri());
		// Nothing but the endpoint is served on the port
		AccessRefusal refusal = (rest != null) ? this.access.check(peerAddress, true, rest)
				: this.access.checkOther(peerAddress, true);
		if (refusal != null) {
			return Answer.refusal(refusal);
		}
		if (rest == null) {
			return Answer.NOT_FOUND;
		}
		return HttpMethod.POST.equals(head.method()) ? null : Answer.METHOD_NOT_ALLOWED;
	}

	/**
	 * Return the problem of a request that may reach the endpoint.
	 * @param head its head
	 * @param announced number of bytes of its body, or -1 if unknown
	 * @return the problem, or {@code null} to continue
	 */
	@Nullable UnexpectedRequestException problem(HttpRequest head, long announced) {
		return this.endpoint.refusal(head.headers().get(HttpHeaderNames.CONTENT_TYPE), announced);
	}

	/**
	 * Return whether the end of a request can be found. With another encoding than chunks
	 * it can't: its body would be taken for the next request.
	 * @param head its head
	 * @return whether it has a size, or chunks, or no body
	 */
	static boolean hasKnownEnd(HttpRequest head) {
		List<String> encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
		return encodings.isEmpty()
				|| (encodings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0)));
	}

	/**
	 * Return the size of a body that its head announces.
	 * @param head the head
	 * @return number of bytes, or -1 if unknown
	 */
	static long announced(HttpRequest head) {
		return HttpUtil.isTransferEncodingChunked(head) ? -1 : HttpUtil.getContentLength(head, 0L);
	}

}
