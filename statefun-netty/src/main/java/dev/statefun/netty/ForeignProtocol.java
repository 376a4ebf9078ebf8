package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Protocol that the server does not speak, recognized by the first bytes of a connection.
 */
enum ForeignProtocol {

	/** First version of the PROXY protocol, in text. */
	PROXY_1("a header of the PROXY protocol, version 1", Text.PROXY, "PROXY "),

	/** Second version of the PROXY protocol, in binary. */
	PROXY_2("a header of the PROXY protocol, version 2", Text.PROXY, "\r\n\r\n\0\r\nQUIT\n"),

	/** HTTP/2 without an upgrade from HTTP/1.1. */
	HTTP_2("HTTP/2", "The endpoint is served by HTTP/1.1. Configure the client, or the proxy in front, for HTTP/1.1",
			"PRI * HTTP/2.0\r\n"),

	/** TLS, where no TLS is expected. */
	TLS("TLS",
			"The port speaks plain HTTP. Set 'statefun.server.ssl.bundle', or let the URL that is called begin with "
					+ "'http:'",
			"\u0016\u0003"),

	/** Plain HTTP, where TLS is expected. */
	PLAIN_HTTP("plain HTTP", "The port speaks HTTPS. Let the URL that is called begin with 'https:', or remove "
			+ "'statefun.server.ssl.bundle'", "POST ", "GET ", "HEAD ");

	private final String text;

	private final String action;

	private final List<byte[]> starts;

	ForeignProtocol(String text, String action, String... starts) {
		this.text = text;
		this.action = action;
		this.starts = Stream.of(starts).map((start) -> start.getBytes(StandardCharsets.US_ASCII)).toList();
	}

	/**
	 * Return the line about a connection.
	 * @param peerAddress address at the other end
	 * @return the line
	 */
	String describe(String peerAddress) {
		return "A connection from " + peerAddress + " is closed, as it begins with " + this.text + ". " + this.action;
	}

	/**
	 * Find the protocol of a connection.
	 * @param bytes its first bytes
	 * @param tls whether TLS is expected
	 * @return the protocol, or {@code null} if it is none of these, or not known yet
	 */
	static @Nullable ForeignProtocol find(ByteBuf bytes, boolean tls) {
		for (ForeignProtocol protocol : values()) {
			for (byte[] start : protocol.startsWhere(tls)) {
				if (common(bytes, start) == start.length) {
					return protocol;
				}
			}
		}
		return null;
	}

	/**
	 * Return whether a connection may be one of such a protocol, once more of its bytes
	 * are known.
	 * @param bytes its first bytes, of no such protocol yet
	 * @param tls whether TLS is expected
	 * @return whether more bytes are needed
	 */
	static boolean mayFollow(ByteBuf bytes, boolean tls) {
		for (ForeignProtocol protocol : values()) {
			for (byte[] start : protocol.startsWhere(tls)) {
				if (common(bytes, start) == bytes.readableBytes()) {
					return true;
				}
			}
		}
		return false;
	}

	private List<byte[]> startsWhere(boolean tls) {
		boolean expected = (this == TLS) ? tls : this == PLAIN_HTTP && !tls;
		return expected ? List.of() : this.starts;
	}

	// Number of first bytes that are those of a protocol
	private static int common(ByteBuf bytes, byte[] start) {
		int length = Math.min(bytes.readableBytes(), start.length);
		int count = 0;
		while (count < length && bytes.getByte(bytes.readerIndex() + count) == start[count]) {
			count++;
		}
		return count;
	}

	/**
	 * Texts of several protocols.
	 */
	private static final class Text {

		private static final String PROXY = "The endpoint reads no such header, and sees the address of the load "
				+ "balancer. Disable the PROXY protocol in the load balancer";

	}

}
