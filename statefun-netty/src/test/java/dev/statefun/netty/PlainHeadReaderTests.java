package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PlainHeadReader}.
 */
class PlainHeadReaderTests {

	private static final int MAX_SIZE = 8192;

	/** As the transport {@code async} of 3.3.0 writes it (protocol.md §6.2). */
	private static final String ASYNC = "POST /statefun HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 130\r\n"
			+ "content-type: application/octet-stream\r\naccept-encoding: gzip\r\naccept: application/octet-stream\r\n"
			+ "user-agent: statefun\r\n\r\n";

	/** As OkHttp writes it. */
	private static final String OKHTTP = "POST /statefun/secret?x=1 HTTP/1.1\r\nContent-Type: application/octet-stream\r\n"
			+ "Content-Length: 0017\r\nHost: localhost:8080\r\nConnection: Keep-Alive\r\nAccept-Encoding: gzip\r\n"
			+ "User-Agent: okhttp/3.14.6\r\n\r\n";

	private final PlainHeadReader reader = new PlainHeadReader(MAX_SIZE);

	@Test
	void headsOfClustersAreRead() {
		PlainHead async = read(ASYNC + "body");
		assertThat(async.target()).isEqualTo("/statefun");
		assertThat(async.announced()).isEqualTo(130);
		assertThat(async.contentType()).isEqualTo("application/octet-stream");
		assertThat(async.userAgent()).isEqualTo("statefun");
		assertThat(async.header("Accept")).isEqualTo("application/octet-stream");
		assertThat(async.header("accept-language")).isNull();
		PlainHead okHttp = read(OKHTTP);
		assertThat(okHttp.target()).isEqualTo("/statefun/secret?x=1");
		assertThat(okHttp.announced()).isEqualTo(17);
		assertThat(okHttp.userAgent()).isEqualTo("okhttp/3.14.6");
		assertThat(okHttp.header("host")).isEqualTo("localhost:8080");
	}

	@Test
	void repeatedHeadIsTheSame() {
		PlainHead first = read(ASYNC);
		assertThat(read(ASYNC + "a body")).isSameAs(first);
		PlainHead other = read(ASYNC.replace("130", "131"));
		assertThat(other.announced()).isEqualTo(131);
		assertThat(other.target()).as("the text of the last one").isSameAs(first.target());
	}

	@Test
	void onlyTheHeadIsSkipped() {
		ByteBuf bytes = ascii(ASYNC + "body");
		assertThat(this.reader.read(bytes)).isNotNull();
		assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("body");
		bytes.release();
	}

	@Test
	void largeHeadIsReadUpToTheLimit() {
		String padding = "x".repeat(MAX_SIZE - ASYNC.length() - 5);
		String largest = ASYNC.replace("\r\n\r\n", "\r\na: " + padding + "\r\n\r\n");
		assertThat(largest).hasSize(MAX_SIZE);
		assertThat(read(largest + "body").header("a")).isEqualTo(padding);
		assertIsLeft(largest.replace("\na:", "\naa:"));
	}

	@Test
	void headThatIsNotCompleteIsLeft() {
		for (int length = 0; length < OKHTTP.length(); length++) {
			assertIsLeft(OKHTTP.substring(0, length));
		}
	}

	@ParameterizedTest
	@MethodSource
	void headWithMoreThanOneMeaningIsLeft(String head) {
		assertIsLeft(head);
	}

	static Stream<String> headWithMoreThanOneMeaningIsLeft() {
		return Stream.of(ASYNC.replace("POST", "GET"), ASYNC.replace("POST", "post"), ASYNC.replace("1.1", "1.0"),
				ASYNC.replace("/statefun", "http://host/statefun"), ASYNC.replace("/statefun", "/state fun"),
				ASYNC.replace("/statefun", "/st\u00e4tefun"), ASYNC.replace("content-length: 130\r\n", ""),
				ASYNC.replace("130", ""), ASYNC.replace("130", "+130"), ASYNC.replace("130", "-1"),
				ASYNC.replace("130", "130, 130"), ASYNC.replace("130", "0x10"),
				ASYNC.replace("130", "9999999999999999999"),
				ASYNC.replace("accept: ", "content-length: 130\r\naccept: "),
				ASYNC.replace("accept: ", "Transfer-Encoding: chunked\r\naccept: "),
				ASYNC.replace("accept: ", "expect: 100-continue\r\naccept: "),
				ASYNC.replace("accept: ", "Connection: close\r\naccept: "),
				ASYNC.replace("accept: ", "content-type: text/plain\r\naccept: "),
				ASYNC.replace("accept: ", "user-agent: another\r\naccept: "), ASYNC.replace("accept: ", "accept : "),
				ASYNC.replace("accept: ", " accept: "), ASYNC.replace("accept: ", "\taccept: "),
				ASYNC.replace("accept: ", ": "), ASYNC.replace("gzip", "gz\u0000ip"), ASYNC.replace("gzip", "gz\nip"),
				ASYNC.replace("gzip", "gz\rip"), ASYNC.replace("gzip", "gz\u00efp"), ASYNC.replace("\r\n", "\n"),
				"\r\n" + ASYNC);
	}

	// Compares with Netty's decoder, which is what reads the head otherwise
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void changedHeadMeansTheSameAsToNetty(long seed) {
		Random random = new Random(seed);
		int read = 0;
		for (int i = 0; i < 5_000; i++) {
			byte[] changed = change(random, random.nextBoolean() ? ASYNC : OKHTTP);
			ByteBuf bytes = Unpooled.wrappedBuffer(changed);
			PlainHead head = this.reader.read(bytes);
			bytes.release();
			if (head != null) {
				read++;
				assertMeansTheSame(head, changed);
			}
		}
		assertThat(read).isGreaterThan(500);
	}

	private static byte[] change(Random random, String head) {
		StringBuilder changed = new StringBuilder(head);
		List<String> pieces = List.of("\r\n", "\n", "\r", ":", " ", "\t", ",", "0", "chunked", "Content-Length: 3\r\n",
				"transfer-encoding: chunked\r\n", "connection: keep-alive\r\n", "connection: close\r\n", "\u0000",
				"\u00ff", "Content-Type: a/b\r\n", "X-Content-Length: 7\r\n", "a:\r\n");
		for (int times = random.nextInt(3); times >= 0; times--) {
			int at = random.nextInt(changed.length());
			switch (random.nextInt(4)) {
				case 0 -> changed.deleteCharAt(at);
				case 1 -> changed.setCharAt(at, (char) random.nextInt(256));
				case 2 -> changed.insert(at, pieces.get(random.nextInt(pieces.size())));
				default -> {
					int line = changed.indexOf("\n", at) + 1;
					changed.insert(Math.min(line, changed.length() - 2), pieces.get(random.nextInt(pieces.size())));
				}
			}
		}
		return changed.append("body").toString().getBytes(StandardCharsets.ISO_8859_1);
	}

	private static void assertMeansTheSame(PlainHead head, byte[] bytes) {
		EmbeddedChannel channel = new EmbeddedChannel(new ClusterRequestDecoder(MAX_SIZE));
		channel.writeInbound(Unpooled.wrappedBuffer(bytes));
		HttpRequest decoded = channel.readInbound();
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		assertThat(decoded.decoderResult().isSuccess()).as(text).isTrue();
		assertThat(decoded.method()).as(text).isEqualTo(HttpMethod.POST);
		assertThat(decoded.protocolVersion()).as(text).isEqualTo(HttpVersion.HTTP_1_1);
		assertThat(decoded.uri()).as(text).isEqualTo(head.target());
		assertThat(HttpUtil.isKeepAlive(decoded)).as(text).isTrue();
		assertThat(HttpUtil.isTransferEncodingChunked(decoded)).as(text).isFalse();
		assertThat(HttpUtil.is100ContinueExpected(decoded)).as(text).isFalse();
		assertThat(HttpUtil.getContentLength(decoded, -1L)).as(text).isEqualTo(head.announced());
		assertThat(decoded.headers().get(HttpHeaderNames.CONTENT_TYPE)).as(text).isEqualTo(head.contentType());
		assertThat(decoded.headers().get(HttpHeaderNames.USER_AGENT)).as(text).isEqualTo(head.userAgent());
		assertThat(decoded.headers().contains(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true)).isFalse();
		decoded.headers()
			.forEach((header) -> assertThat(head.header(header.getKey())).as(text)
				.isEqualTo(decoded.headers().get(header.getKey())));
		channel.finishAndReleaseAll();
	}

	private PlainHead read(String text) {
		ByteBuf bytes = ascii(text);
		PlainHead head = this.reader.read(bytes);
		bytes.release();
		assertThat(head).as(text).isNotNull();
		return Objects.requireNonNull(head);
	}

	private void assertIsLeft(String text) {
		ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
		assertThat(this.reader.read(bytes)).as(text).isNull();
		assertThat(bytes.readerIndex()).isZero();
		bytes.release();
	}

	private static ByteBuf ascii(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

}
