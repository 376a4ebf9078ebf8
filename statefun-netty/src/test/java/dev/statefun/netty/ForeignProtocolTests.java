package dev.statefun.netty;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import dev.statefun.netty.TestServer.Setup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for connections that begin with another protocol.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class ForeignProtocolTests {

	private static final byte[] PROXY_1 = RawClient.ascii("PROXY TCP4 10.1.2.3 10.0.0.1 56324 8080\r\n");

	private static final byte[] PROXY_2 = RawClient
		.ascii("\r\n\r\n\0\r\nQUIT\n!\u0011\0\f\n\u0001\u0002\u0003\n\0\0\u0001\u00dc\u0004\u001f\u0090");

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	static Stream<Arguments> connections() {
		return Stream.of(
				Arguments.of(PROXY_1, "a header of the PROXY protocol, version 1. ",
						"Disable the PROXY protocol in the load balancer"),
				Arguments.of(PROXY_2, "a header of the PROXY protocol, version 2. ",
						"Disable the PROXY protocol in the load balancer"),
				Arguments.of(RawClient.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "HTTP/2. ", "for HTTP/1.1"),
				Arguments.of(RawClient.ascii("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"), "TLS. ",
						"Set 'statefun.server.ssl.bundle'"));
	}

	@ParameterizedTest
	@MethodSource("connections")
	void connectionIsClosedWithOneWarning(byte[] first, String text, String action, CapturedOutput output)
			throws IOException {
		byte[] request = RawClient.post("/statefun", new byte[] { 8, 1 });
		try (TestServer server = TestServer.start(Setup.echo())) {
			for (boolean slowly : new boolean[] { false, true }) {
				try (RawClient client = server.connect()) {
					if (slowly) {
						sendUntilClosed(client, first);
					}
					else {
						client.send(RawClient.join(first, request));
					}
					assertThat(client.isClosed()).isTrue();
				}
			}
			assertThat(server.rejections()).isEmpty();
			assertThat(output.getAll())
				.containsOnlyOnce("A connection from 127.0.0.1 is closed, as it begins with " + text)
				.containsOnlyOnce(action);
		}
	}

	private static void sendUntilClosed(RawClient client, byte[] bytes) {
		try {
			client.sendByteByByte(bytes);
		}
		catch (IOException ex) {
			// Closed before the last byte
		}
	}

	@Test
	void requestThatBeginsSimilarlyIsServed() throws IOException {
		try (TestServer server = TestServer.start(Setup.echo())) {
			for (String method : List.of("PROPFIND", "PRI", "\r\n\r\nPOST")) {
				try (RawClient client = server.connect()) {
					byte[] head = RawClient.ascii(method + " /statefun HTTP/1.1\r\nContent-Length: 2\r\n\r");
					int expected = method.endsWith("POST") ? 200 : 405;
					// A connection is closed after a refusal whose body has not arrived
					assertThat(client.sendByteByByte(head).send("\nab").read().status()).isEqualTo(expected);
					assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
				}
			}
		}
	}

	@Test
	void plainHttpIsForeignWhereTlsIsExpected() {
		for (String start : List.of("POST /", "GET /", "HEAD /")) {
			ByteBuf bytes = Unpooled.wrappedBuffer(RawClient.ascii(start));
			assertThat(ForeignProtocol.find(bytes, true)).isSameAs(ForeignProtocol.PLAIN_HTTP);
			assertThat(ForeignProtocol.find(bytes, false)).isNull();
			assertThat(ForeignProtocol.mayFollow(bytes, false)).isFalse();
		}
		ByteBuf hello = Unpooled.wrappedBuffer(new byte[] { 0x16, 3, 1 });
		assertThat(ForeignProtocol.find(hello, true)).isNull();
		assertThat(ForeignProtocol.mayFollow(hello, true)).isFalse();
		assertThat(ForeignProtocol.find(Unpooled.wrappedBuffer(PROXY_1), true)).isSameAs(ForeignProtocol.PROXY_1);
		assertThat(ForeignProtocol.PLAIN_HTTP.describe("127.0.0.1"))
			.isEqualTo("A connection from 127.0.0.1 is closed, as it begins with plain HTTP. The port speaks HTTPS. "
					+ "Let the URL that is called begin with 'https:', or remove 'statefun.server.ssl.bundle'");
	}

}
