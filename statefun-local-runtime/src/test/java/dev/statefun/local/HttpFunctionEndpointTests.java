package dev.statefun.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for which responses of a service are replies, which are retried, and which fail
 * the job (protocol.md §6.1).
 */
class HttpFunctionEndpointTests {

	private static final Address ONE = Address.of("test/remote", "1");

	private static final String OCTETS = "application/octet-stream";

	private final AtomicReference<@Nullable String> request = new AtomicReference<>();

	private volatile Answer answer = new Answer(200, OCTETS, new byte[0]);

	private HttpServer server;

	@BeforeEach
	void startServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/statefun", this::answer);
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.stop(0);
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			int length = exchange.getRequestBody().readAllBytes().length;
			this.request.set(exchange.getRequestMethod() + " " + exchange.getProtocol() + " "
					+ exchange.getRequestHeaders().getFirst("Content-Type") + " "
					+ exchange.getRequestHeaders().getFirst("Accept") + " "
					+ exchange.getRequestHeaders().getFirst("Content-Length").equals("" + length));
			if (this.answer.contentType() != null) {
				exchange.getResponseHeaders().set("Content-Type", this.answer.contentType());
			}
			exchange.getResponseHeaders().set("Location", "/statefun");
			byte[] body = this.answer.body();
			exchange.sendResponseHeaders(this.answer.status(), (body.length > 0) ? body.length : -1);
			if (body.length > 0) {
				exchange.getResponseBody().write(body);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void replyIsApplied(Transport transport) {
		byte[] reply = ScriptedFunction
			.result((result) -> result
				.addOutgoingEgresses(ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/r", "x"))))
			.toByteArray();
		this.answer = new Answer(200, OCTETS, reply);
		try (LocalRuntime runtime = start(transport)) {
			runtime.runUntilIdle();
			assertThat(runtime.egress()).hasSize(1);
			assertThat(this.request).hasValue("POST HTTP/1.1 application/octet-stream application/octet-stream true");
		}
	}

	@ParameterizedTest
	@EnumSource
	void emptyBodyIsAReplyWithoutEffects(Transport transport) {
		try (LocalRuntime runtime = start(transport)) {
			runtime.runUntilIdle();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504, 408, 409, 420, 429, 499 })
	void statusesThatAreRetried(int status) {
		this.answer = new Answer(status, "text/plain", "try later".getBytes());
		for (Transport transport : Transport.values()) {
			assertAskedForAgain(transport, "answered status " + status + ": try later");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 405, 413, 415, 301, 302, 303, 307, 308 })
	void statusesThatFailTheJobWithOkHttpOnly(int status) {
		this.answer = new Answer(status, "text/plain", "no".getBytes());
		assertFailsTheJob("answered status " + status + ": no");
		assertAskedForAgain(Transport.ASYNC, "answered status " + status + ": no");
	}

	@ParameterizedTest
	@CsvSource({ "application/octet-stream;charset=UTF-8", "text/html", "application/json", "," })
	void repliesOfAnotherContentTypeFailTheJobWithOkHttpOnly(@Nullable String contentType) {
		this.answer = new Answer(200, contentType, "x".getBytes());
		String message = "answered status 200 and the content type '" + ((contentType != null) ? contentType : "")
				+ "'; expected exactly 'application/octet-stream'";
		assertFailsTheJob(message);
		assertAskedForAgain(Transport.ASYNC, message);
	}

	@Test
	void contentTypeIsCaseSensitiveWithOkHttpOnly() {
		this.answer = new Answer(200, "Application/Octet-Stream", new byte[0]);
		assertFailsTheJob("expected exactly 'application/octet-stream'");
		try (LocalRuntime runtime = start(Transport.ASYNC)) {
			runtime.runUntilIdle();
		}
	}

	@Test
	void noContentFailsTheJobWithOkHttp() {
		this.answer = new Answer(204, null, new byte[0]);
		assertFailsTheJob("answered status 204 and the content type ''");
	}

	@Test
	void oversizedReplyIsRetried() {
		this.answer = new Answer(200, OCTETS, new byte[32 * 1024 * 1024 + 1]);
		assertAskedForAgain(Transport.ASYNC, "answered a reply of 33554433 bytes; expected at most 33554432");
	}

	@ParameterizedTest
	@EnumSource
	void requestToAnUnreachableServiceIsRetried(Transport transport) {
		this.server.stop(0);
		assertAskedForAgain(transport, "ConnectException");
	}

	@Test
	void requestWithoutAReplyTimesOut() {
		this.server.removeContext("/statefun");
		this.server.createContext("/statefun", (exchange) -> {
			// Never answered
		});
		try (LocalRuntime runtime = builder(Transport.ASYNC).replyTimeout(Duration.ofMillis(200)).start()) {
			runtime.send(ONE, "a");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining("it did not end within 200 ms ('replyTimeout')");
		}
	}

	private void assertAskedForAgain(Transport transport, String message) {
		try (LocalRuntime runtime = start(transport)) {
			assertThatExceptionOfType(RequestFailedException.class).as("%s", transport)
				.isThrownBy(runtime::runUntilIdle)
				.withMessageContaining(message);
		}
	}

	private void assertFailsTheJob(String message) {
		try (LocalRuntime runtime = start(Transport.OKHTTP)) {
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining(message);
		}
	}

	private LocalRuntime start(Transport transport) {
		LocalRuntime runtime = builder(transport).start();
		runtime.send(ONE, "a");
		return runtime;
	}

	private LocalRuntime.Builder builder(Transport transport) {
		URI uri = URI.create("http://localhost:" + this.server.getAddress().getPort() + "/statefun");
		return LocalRuntime.builder()
			.function(FunctionSpec.of("test/remote"), HttpFunctionEndpoint.of(uri, transport))
			.manualClock();
	}

	/**
	 * A response of the service.
	 *
	 * @param status the status
	 * @param contentType the content type, if there is one
	 * @param body the body
	 */
	private record Answer(int status, @Nullable String contentType, byte[] body) {

	}

}
