package dev.statefun.netty;

import java.nio.charset.StandardCharsets;

import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.FailureAnswer;
import dev.statefun.endpoint.access.AccessRefusal;
import io.netty.buffer.ByteBuf;

/**
 * Answer to a request. Its head has no headers but those that a client needs: nothing of
 * it comes from a request.
 */
final class Answer {

	static final Answer NOT_FOUND = new Answer(404, start("404 Not Found", ""), new byte[0]);

	static final Answer METHOD_NOT_ALLOWED = new Answer(405,
			start("405 Method Not Allowed", "Allow: " + Endpoint.METHOD + "\r\n"), new byte[0]);

	private static final Answer FORBIDDEN = new Answer(403, start("403 Forbidden", ""), new byte[0]);

	private static final byte[] REPLY = start("200 OK", "Content-Type: " + Endpoint.CONTENT_TYPE + "\r\n");

	private static final byte[] OVERLOADED = startOfFailure("429 Too Many Requests");

	private static final byte[] DRAINING = startOfFailure("503 Service Unavailable");

	private static final byte[] FAILED = startOfFailure("500 Internal Server Error");

	private static final byte[] LENGTH = ascii("Content-Length: ");

	private static final byte[] END = ascii("\r\n\r\n");

	private final int status;

	/** First line and headers that do not depend on the connection. */
	private final byte[] start;

	private final byte[] body;

	private Answer(int status, byte[] start, byte[] body) {
		this.status = status;
		this.start = start;
		this.body = body;
	}

	private static byte[] start(String status, String headers) {
		return ascii("HTTP/1.1 " + status + "\r\n" + headers);
	}

	private static byte[] startOfFailure(String status) {
		return start(status, "Content-Type: " + FailureAnswer.CONTENT_TYPE + "\r\n");
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Return the answer to a handled request.
	 * @param body body of the reply
	 * @return the answer
	 */
	static Answer reply(byte[] body) {
		return new Answer(200, REPLY, body);
	}

	/**
	 * Return the answer to a request of which nothing was applied.
	 * @param failure status and text
	 * @return the answer
	 */
	static Answer failure(FailureAnswer failure) {
		byte[] text = failure.text().getBytes(StandardCharsets.UTF_8);
		return switch (failure.status()) {
			case 429 -> new Answer(429, OVERLOADED, text);
			case 503 -> new Answer(503, DRAINING, text);
			default -> new Answer(500, FAILED, text);
		};
	}

	/**
	 * Return the answer to a request that may not reach the endpoint.
	 * @param refusal reason
	 * @return the answer
	 */
	static Answer refusal(AccessRefusal refusal) {
		return (refusal.status() == 404) ? NOT_FOUND : FORBIDDEN;
	}

	/**
	 * Write the head of the answer.
	 * @param out buffer to write to
	 * @param persistence whether the connection is kept
	 */
	void writeHead(ByteBuf out, Persistence persistence) {
		out.writeBytes(this.start).writeBytes(persistence.header()).writeBytes(LENGTH);
		writeNumber(out, this.body.length);
		out.writeBytes(END);
	}

	private static void writeNumber(ByteBuf out, int number) {
		int power = 1;
		while (number / power > 9) {
			power *= 10;
		}
		for (; power > 0; power /= 10) {
			out.writeByte('0' + number / power % 10);
		}
	}

	int status() {
		return this.status;
	}

	byte[] body() {
		return this.body;
	}

}
