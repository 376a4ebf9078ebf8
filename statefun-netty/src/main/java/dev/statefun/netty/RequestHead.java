package dev.statefun.netty;

import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Head of a request: its first line and its headers, as the client has sent them.
 * Immutable.
 *
 * @since 0.1.0
 */
public abstract sealed class RequestHead permits PlainHead, DecodedHead {

	RequestHead() {
	}

	/**
	 * Create a head, such as for the test of a listener.
	 * @param decoded a head that Netty has decoded, and that is not changed any more
	 * @return the head
	 */
	public static RequestHead of(HttpRequest decoded) {
		return new DecodedHead(decoded);
	}

	/**
	 * Return whether the head is one of HTTP, not too large, and says where the request
	 * ends. Otherwise, its content may be another than that of the request.
	 * @return whether the head can be trusted
	 */
	public abstract boolean isValid();

	/**
	 * Return the method.
	 * @return the name of the method, such as {@code POST}
	 */
	public abstract String method();

	/**
	 * Return the target of the request.
	 * @return path and query, without decoding
	 */
	public abstract String target();

	/**
	 * Return the version of the protocol.
	 * @return the version, such as {@code HTTP/1.1}
	 */
	public abstract String version();

	/**
	 * Return the value of a header.
	 * @param name its name, in any case
	 * @return its first value, or {@code null} if the request has no such header
	 */
	public abstract @Nullable String header(String name);

	/**
	 * Return whether the method is the one of all requests of clusters.
	 * @return whether it is {@code POST}
	 */
	abstract boolean isPost();

	abstract @Nullable String contentType();

	abstract @Nullable String userAgent();

	/**
	 * Return the size of the body that the head announces.
	 * @return number of bytes, or -1 if unknown
	 */
	abstract long announced();

	/**
	 * Return what the client has asked for.
	 * @return whether the connection is kept
	 */
	abstract Persistence persistence();

	/**
	 * Return whether the client awaits an interim answer before it sends the body.
	 * @return whether it does
	 */
	abstract boolean expectsContinue();

}
