package dev.statefun.netty;

import java.nio.charset.StandardCharsets;

import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.FailureAnswer;
import dev.statefun.endpoint.access.AccessRefusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Answer to a request. Its head has no headers but those that a client needs: nothing of
 * it comes from a request.
 */
final class Answer {

	static final Answer NOT_FOUND = new Answer("404 Not Found", "", new byte[0]);

	static final Answer METHOD_NOT_ALLOWED = new Answer("405 Method Not Allowed", "Allow: " + Endpoint.METHOD + "\r\n",
			new byte[0]);

	private static final String REPLY_TYPE = "Content-Type: " + Endpoint.CONTENT_TYPE + "\r\n";

	private static final String FAILURE_TYPE = "Content-Type: " + FailureAnswer.CONTENT_TYPE + "\r\n";

	private final String status;

	private final String headers;

	private final byte[] body;

	private Answer(String status, String headers, byte[] body) {
		this.status = status;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * Return the answer to a handled request.
	 * @param body body of the reply
	 * @return the answer
	 */
	static Answer reply(byte[] body) {
		return new Answer("200 OK", REPLY_TYPE, body);
	}

	/**
	 * Return the answer to a request of which nothing was applied.
	 * @param failure status and text
	 * @return the answer
	 */
	static Answer failure(FailureAnswer failure) {
		String status = switch (failure.status()) {
			case 429 -> "429 Too Many Requests";
			case 503 -> "503 Service Unavailable";
			default -> "500 Internal Server Error";
		};
		return new Answer(status, FAILURE_TYPE, failure.text().getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Return the answer to a request that may not reach the endpoint.
	 * @param refusal reason
	 * @return the answer
	 */
	static Answer refusal(AccessRefusal refusal) {
		return (refusal.status() == 404) ? NOT_FOUND : new Answer("403 Forbidden", "", new byte[0]);
	}

	/**
	 * Write the head of the answer.
	 * @param out buffer to write to
	 * @param persistence whether the connection is kept
	 */
	void writeHead(ByteBuf out, Persistence persistence) {
		ByteBufUtil.writeAscii(out, "HTTP/1.1 " + this.status + "\r\n" + this.headers + persistence.header()
				+ "Content-Length: " + this.body.length + "\r\n\r\n");
	}

	int status() {
		return Integer.parseInt(this.status, 0, 3, 10);
	}

	byte[] body() {
		return this.body;
	}

}
