package dev.statefun.netty;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import dev.statefun.endpoint.access.AllowedAddresses;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.netty.RawClient.Response;
import dev.statefun.netty.TestServer.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the answers of {@link NettyEndpointServer}.
 */
@ParameterizedClass
@EnumSource(Transport.class)
@Timeout(120)
class AnswerTests {

	private static final String SECRET = "0123456789abcdef";

	private final Transport transport;

	AnswerTests(Transport transport) {
		this.transport = transport;
	}

	@BeforeAll
	static void watchLeaks() {
		Leaks.watch();
	}

	@AfterAll
	static void nothingHasLeaked() {
		assertThat(Leaks.find()).isEmpty();
	}

	private TestServer start(Setup setup) {
		return TestServer.start(setup, (builder) -> builder.transport(this.transport));
	}

	private TestServer start() {
		return start(Setup.echo());
	}

	private static byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		new Random(count).nextBytes(bytes);
		return bytes;
	}

	@Test
	void replyHasExactlyTheHeadersThatClustersNeed() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.post(new byte[] { 8, 1, 2 });
			assertThat(response.head()).isEqualTo("""
					HTTP/1.1 200 OK\r
					Content-Type: application/octet-stream\r
					Content-Length: 3\r
					\r
					""");
			assertThat(response.bytes()).containsExactly(8, 1, 2);
			assertThat(client.post(new byte[0]).bytes()).isEmpty();
			assertThat(client.post(new byte[] { 8, 3 }).bytes()).containsExactly(8, 3);
			server.awaitNoRequests();
		}
	}

	@Test
	void failureIsTextAndKeepsTheConnection() throws IOException {
		Setup setup = new Setup()
			.handler((body, userAgent) -> CompletableFuture.failedFuture(new IllegalStateException("password")));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			Response response = client.post(new byte[] { 8, 1 });
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.header("content-type")).isEqualTo("text/plain;charset=UTF-8");
			assertThat(response.text()).isEqualTo("The function failed; see the log of this service.");
			assertThat(response.isClosing()).isFalse();
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(500);
		}
	}

	@Test
	void handlerThatThrowsIsAFailure() throws IOException {
		Setup setup = new Setup().handler((body, userAgent) -> {
			throw new StackOverflowError("deep");
		});
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(500);
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(500);
			server.awaitNoRequests();
		}
	}

	@Test
	void userAgentReachesTheHandler() throws IOException {
		AtomicReference<String> seen = new AtomicReference<>();
		Setup setup = new Setup().handler((body, userAgent) -> {
			seen.set(String.valueOf(userAgent));
			return CompletableFuture.completedFuture(body);
		});
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			client.post(new byte[] { 8, 1 }, "user-agent: statefun");
			assertThat(seen).hasValue("statefun");
			client.post(new byte[] { 8, 1 });
			assertThat(seen).hasValue("null");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "HEAD", "PUT", "OPTIONS", "post" })
	void otherMethodIsNotAllowed(String method) throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send(method + " /statefun HTTP/1.1\r\nHost: x\r\n\r\n").read();
			assertThat(response.head()).isEqualTo("""
					HTTP/1.1 405 Method Not Allowed\r
					Allow: POST\r
					Content-Length: 0\r
					\r
					""");
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@Test
	void refusedRequestWhoseBodyHasArrivedKeepsItsConnection() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send("PUT /statefun HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc").read();
			assertThat(response.status()).isEqualTo(405);
			assertThat(response.isClosing()).isFalse();
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@Test
	void refusedRequestWithoutItsBodyIsAnsweredAndClosed() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send("PUT /statefun HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nabc")
				.read();
			assertThat(response.status()).isEqualTo(405);
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/other", "/statefun/", "/statefun2", "/%73tatefun", "/statefun;a", "//statefun", "*",
			"/STATEFUN", "/a/../statefun" })
	void otherPathIsNotFound(String path) throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send(RawClient.post(path, new byte[] { 8, 1 })).read();
			assertThat(response.status()).isEqualTo(404);
			assertThat(response.bytes()).isEmpty();
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@Test
	void queryIsIgnored() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			assertThat(client.send(RawClient.post("/statefun?a=b", new byte[] { 8, 1 })).read().status())
				.isEqualTo(200);
		}
	}

	@Test
	void secretIsRequired() throws IOException {
		Setup setup = Setup.echo().restrictions(new EndpointRestrictions(true, null, EndpointSecret.of(SECRET)));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			assertThat(client.send(RawClient.post("/statefun/" + SECRET, new byte[] { 8, 1 })).read().status())
				.isEqualTo(200);
			for (String path : List.of("/statefun", "/statefun/", "/statefun/" + SECRET + "/",
					"/statefun/" + SECRET + "0", "/statefun/%30" + SECRET.substring(1), "/statefun/x/" + SECRET)) {
				Response response = client.send(RawClient.post(path, new byte[] { 8, 1 })).read();
				assertThat(response.status()).as(path).isEqualTo(403);
				assertThat(response.bytes()).isEmpty();
			}
			assertThat(client.send("GET /statefun HTTP/1.1\r\n\r\n").read().status()).isEqualTo(403);
			assertThat(server.rejections()).hasSize(7).containsOnly(Rejection.FORBIDDEN);
			assertThat(client.send(RawClient.post("/statefun" + SECRET, new byte[] { 8, 1 })).read().status())
				.isEqualTo(404);
		}
	}

	@Test
	void addressIsChecked() throws IOException {
		Setup setup = Setup.echo()
			.restrictions(new EndpointRestrictions(false, AllowedAddresses.parse(List.of("10.0.0.0/8")), null));
		try (TestServer server = start(setup); RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }, "X-Forwarded-For: 10.1.1.1").status()).isEqualTo(403);
		}
		Setup loopback = Setup.echo()
			.restrictions(new EndpointRestrictions(false, AllowedAddresses.parse(List.of("127.0.0.1", "::1")), null));
		try (TestServer server = start(loopback); RawClient client = server.connect()) {
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@Test
	void otherContentTypeIsRefused() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client
				.send("POST /statefun HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na")
				.read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).startsWith("Content type 'text/plain' is not what a StateFun cluster sends");
			assertThat(response.isClosing()).isFalse();
			assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
		}
	}

	@Test
	void announcedBodyThatIsTooLargeIsRefusedWithoutReadingIt() throws IOException {
		try (TestServer server = start(Setup.echo().maxSize(10)); RawClient client = server.connect()) {
			Response response = client.send("POST /statefun HTTP/1.1\r\nContent-Length: 11\r\n\r\n").read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).startsWith("A request has 11 bytes, but may have 10 ");
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
			assertThat(server.rejections()).containsExactly(Rejection.UNEXPECTED);
		}
	}

	@Test
	void bodyThatGrowsTooLargeIsRefused() throws IOException {
		try (TestServer server = start(Setup.echo().maxSize(10)); RawClient client = server.connect()) {
			Response response = client
				.send("POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n")
				.read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.text()).startsWith("A request has more than 10 bytes, but may have 10 ");
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
			server.awaitNoRequests();
		}
	}

	@Test
	void chunksAreOneBody() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			byte[] request = RawClient.ascii("POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
					+ "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
			assertThat(client.send(request).read().text()).isEqualTo("abc0123456789");
			assertThat(client.sendByteByByte(request).read().text()).isEqualTo("abc0123456789");
			Response full = client.send("POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
				.read();
			assertThat(full.status()).isEqualTo(200);
			assertThat(full.bytes()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nabcdef\r\n",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
			"POST /statefun HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
			"POST /statefun HTTP/1.1\r\nContent-Length: -3\r\n\r\nabcd",
			"POST /statefun HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nabcd",
			"POST /statefun HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", "POST /statefun HTTP/1.1\r\nNo header\r\n\r\n",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nabc",
			"POST /statefun HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "garbage\r\n\r\n" })
	void malformedRequestIsAnsweredInTheLanguageOfTheRuntime(String request) throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send(request).read();
			assertThat(response.status()).isEqualTo(500);
			assertThat(response.header("content-type")).isEqualTo("text/plain;charset=UTF-8");
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
			assertThat(server.rejections()).containsExactly(Rejection.UNEXPECTED);
			server.awaitNoRequests();
		}
	}

	@Test
	void tooLargeHeadIsAnsweredAndClosed() throws IOException {
		try (TestServer server = start()) {
			for (String head : List.of("POST /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n",
					"POST /statefun HTTP/1.1\r\nX: " + "a".repeat(9000) + "\r\n\r\n",
					"POST /statefun HTTP/1.1\r\n" + "A: b\r\n".repeat(4000) + "\r\n")) {
				try (RawClient client = server.connect()) {
					Response response = client.send(head).read();
					assertThat(response.status()).isEqualTo(500);
					assertThat(response.isClosing()).isTrue();
					assertThat(client.isClosed()).isTrue();
				}
			}
			assertThat(server.rejections()).hasSize(3).containsOnly(Rejection.UNEXPECTED);
		}
	}

	@Test
	void expectedContinueIsSent() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			client.send("POST /statefun HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
			assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
			assertThat(client.send(new byte[] { 8, 1 }).read().bytes()).containsExactly(8, 1);
		}
	}

	@Test
	void refusedRequestIsNotContinued() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.send("POST /other HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
				.read();
			assertThat(response.status()).isEqualTo(404);
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
		}
	}

	@Test
	void connectionOfOldHttpIsClosedUnlessItShallBeKept() throws IOException {
		try (TestServer server = start()) {
			try (RawClient client = server.connect()) {
				Response response = client.send("POST /statefun HTTP/1.0\r\nContent-Length: 1\r\n\r\na").read();
				assertThat(response.text()).isEqualTo("a");
				assertThat(response.isClosing()).isTrue();
				assertThat(client.isClosed()).isTrue();
			}
			try (RawClient client = server.connect()) {
				Response response = client
					.send("POST /statefun HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na")
					.read();
				assertThat(response.header("connection")).isEqualTo("keep-alive");
				assertThat(client.post(new byte[] { 8, 1 }).status()).isEqualTo(200);
			}
		}
	}

	@Test
	void connectionIsClosedOnRequest() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			Response response = client.post(new byte[] { 8, 1 }, "Connection: close");
			assertThat(response.status()).isEqualTo(200);
			assertThat(response.isClosing()).isTrue();
			assertThat(client.isClosed()).isTrue();
		}
	}

	@Test
	void requestMayArriveByteByByte() throws IOException {
		try (TestServer server = start(); RawClient client = server.connect()) {
			for (int i = 0; i < 3; i++) {
				byte[] body = bytes(50 + i);
				assertThat(client.sendByteByByte(RawClient.post("/statefun", body)).read().bytes()).isEqualTo(body);
			}
		}
	}

	@Test
	void largeBodiesArriveInBothDirections() throws Exception {
		byte[] body = bytes(9_000_000);
		try (TestServer server = start(); RawClient client = server.connect()) {
			for (int size : new int[] { 9_000_000, 8191, 8192, 8193, 131_072, 131_073 }) {
				byte[] sent = Arrays.copyOf(body, size);
				Response response = client.post(sent);
				assertThat(response.status()).isEqualTo(200);
				assertThat(Arrays.equals(response.bytes(), sent)).isTrue();
			}
			server.awaitNoRequests();
		}
	}

	@Test
	void largeChunkedBodyArrives() throws Exception {
		byte[] body = RawClient.ascii(Base64.getEncoder().encodeToString(bytes(300_000)));
		try (TestServer server = start(); RawClient client = server.connect()) {
			client.send("POST /statefun HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
			for (int i = 0; i < body.length; i += 1000) {
				byte[] chunk = Arrays.copyOfRange(body, i, Math.min(body.length, i + 1000));
				client.send(RawClient.join(RawClient.ascii(Integer.toHexString(chunk.length) + "\r\n"), chunk,
						RawClient.ascii("\r\n")));
			}
			assertThat(Arrays.equals(client.send("0\r\n\r\n").read().bytes(), body)).isTrue();
		}
	}

}
