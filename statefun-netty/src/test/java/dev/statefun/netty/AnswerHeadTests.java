package dev.statefun.netty;

import java.nio.charset.StandardCharsets;

import dev.statefun.endpoint.FailureAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the heads that {@link Answer} writes.
 */
class AnswerHeadTests {

	private static String headOf(Answer answer, Persistence persistence) {
		ByteBuf out = Unpooled.buffer();
		answer.writeHead(out, persistence);
		return out.toString(StandardCharsets.US_ASCII);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 9, 10, 11, 99, 100, 109, 1000, 65536, 10_000_000 })
	void replyHasItsLength(int length) {
		assertThat(headOf(Answer.reply(new byte[length]), Persistence.KEEP)).isEqualTo(
				"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + length + "\r\n\r\n");
	}

	@Test
	void failureHasItsStatusAndText() {
		assertThat(headOf(Answer.failure(new FailureAnswer(429, "bäd")), Persistence.CLOSE))
			.isEqualTo("HTTP/1.1 429 Too Many Requests\r\nContent-Type: " + FailureAnswer.CONTENT_TYPE
					+ "\r\nConnection: close\r\nContent-Length: 4\r\n\r\n");
		assertThat(headOf(Answer.failure(new FailureAnswer(503, "")), Persistence.KEEP))
			.startsWith("HTTP/1.1 503 Service Unavailable\r\n");
		assertThat(headOf(Answer.failure(new FailureAnswer(500, "")), Persistence.KEEP))
			.startsWith("HTTP/1.1 500 Internal Server Error\r\n");
	}

	@Test
	void refusalHasNoBody() {
		assertThat(headOf(Answer.METHOD_NOT_ALLOWED, Persistence.KEEP_OLD))
			.isEqualTo("HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\nConnection: keep-alive\r\n"
					+ "Content-Length: 0\r\n\r\n");
		assertThat(headOf(Answer.NOT_FOUND, Persistence.KEEP))
			.isEqualTo("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
	}

}
