package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestDecoder} and {@link HttpTranslator}.
 */
class RequestDecoderTests {

	private static final String PLAIN = "POST /statefun HTTP/1.1\r\ncontent-length: 10\r\n\r\n";

	private static final String CHUNKED = "POST /chunked HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";

	private final EmbeddedChannel channel = new EmbeddedChannel(new RequestDecoder(8192));

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	@AfterAll
	static void findNoLeaks() {
		assertThat(Leaks.find()).isEmpty();
	}

	@Test
	void requestsOfClustersAreDecodedWithoutNetty() {
		write(PLAIN + "0123456789");
		write(PLAIN + "01234");
		write("567");
		write("89");
		assertThat(received()).containsExactly("POST /statefun 10", "0123456789", "COMPLETE", "POST /statefun 10",
				"01234", "567", "89", "COMPLETE");
		assertThat(this.channel.pipeline().get(RequestDecoder.class)).isNotNull();
	}

	@Test
	void requestsInOneReadAreSeparated() {
		write(PLAIN + "0123456789" + PLAIN + "abcdefghij" + "POST /empty HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
		assertThat(received()).containsExactly("POST /statefun 10", "0123456789", "COMPLETE", "POST /statefun 10",
				"abcdefghij", "COMPLETE", "POST /empty 0", "COMPLETE");
	}

	@Test
	void restOfTheConnectionIsDecodedByNettyAfterAnotherRequest() {
		write(PLAIN + "0123456789" + CHUNKED + "3\r\nabc\r\n");
		write("2\r\nde\r\n0\r\n\r\n" + PLAIN + "0123456789");
		assertThat(received()).containsExactly("POST /statefun 10", "0123456789", "COMPLETE", "POST /chunked -1", "abc",
				"de", "COMPLETE", "POST /statefun 10", "0123456789", "COMPLETE");
		assertThat(this.channel.pipeline().get(RequestDecoder.class)).isNull();
	}

	@Test
	void headInPiecesIsDecodedByNetty() {
		write(PLAIN.substring(0, 20));
		write(PLAIN.substring(20) + "0123");
		write("456789");
		assertThat(received()).containsExactly("POST /statefun 10", "0123", "456789", "COMPLETE");
	}

	@Test
	void wrongChunkBreaksTheBody() {
		write(CHUNKED + "3\r\nabc\r\nx\r\n");
		assertThat(received()).containsExactly("POST /chunked -1", "abc", "BROKEN");
	}

	@Test
	void headThatIsNotHttpIsInvalid() {
		write("hello\r\n\r\n");
		assertThat((RequestHead) this.channel.readInbound()).satisfies((head) -> assertThat(head.isValid()).isFalse());
	}

	// Whatever the sizes of the reads are, the requests are the same
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void requestsDoNotDependOnReads(long seed) {
		Random random = new Random(seed);
		StringBuilder sent = new StringBuilder();
		StringBuilder expected = new StringBuilder();
		for (int i = 0; i < 200; i++) {
			String body = "x".repeat(random.nextInt(300));
			boolean chunked = i > 150 && random.nextInt(10) == 0 && !body.isEmpty();
			sent.append("POST /").append(i).append(" HTTP/1.1\r\n");
			sent.append(chunked ? "transfer-encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
					+ body + "\r\n0\r\n\r\n" : "content-length: " + body.length() + "\r\n\r\n" + body);
			expected.append("POST /")
				.append(i)
				.append(' ')
				.append(chunked ? -1 : body.length())
				.append(body)
				.append("COMPLETE");
		}
		for (int start = 0; start < sent.length();) {
			int end = Math.min(sent.length(), start + 1 + random.nextInt(700));
			write(sent.substring(start, end));
			start = end;
		}
		assertThat(String.join("", received())).isEqualTo(expected.toString());
	}

	private void write(String bytes) {
		this.channel.writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII));
	}

	private List<String> received() {
		List<String> received = new ArrayList<>();
		for (Object next = this.channel.readInbound(); next != null; next = this.channel.readInbound()) {
			if (next instanceof RequestHead head) {
				received.add(head.method() + " " + head.target() + " " + head.announced());
			}
			else if (next instanceof ByteBuf part) {
				received.add(part.toString(StandardCharsets.US_ASCII));
				part.release();
			}
			else {
				received.add(next.toString());
			}
		}
		return received;
	}

}
