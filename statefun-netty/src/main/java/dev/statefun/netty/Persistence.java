package dev.statefun.netty;

import java.nio.charset.StandardCharsets;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Whether a connection is kept after an answer.
 */
enum Persistence {

	/** Kept, as HTTP/1.1 does by default. */
	KEEP(""),

	/** Kept, as a client of HTTP/1.0 has asked for. */
	KEEP_OLD("Connection: keep-alive\r\n"),

	/** Closed after the answer. */
	CLOSE("Connection: close\r\n");

	private final byte[] header;

	Persistence(String header) {
		this.header = header.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Return what a client has asked for.
	 * @param head head of its request
	 * @return the client's choice
	 */
	static Persistence of(HttpRequest head) {
		if (head.decoderResult().isFailure() || !HttpUtil.isKeepAlive(head)) {
			return CLOSE;
		}
		return head.protocolVersion().equals(HttpVersion.HTTP_1_0) ? KEEP_OLD : KEEP;
	}

	/**
	 * Return the header of the answer that announces it.
	 * @return a line of the head, or nothing; not to be changed
	 */
	byte[] header() {
		return this.header;
	}

}
