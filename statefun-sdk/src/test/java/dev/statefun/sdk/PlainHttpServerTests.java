package dev.statefun.sdk;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the SDK without a framework, on the HTTP server of the JDK.
 */
class PlainHttpServerTests {

	private static final String CONTENT_TYPE = "application/octet-stream";

	private final ExecutorService threads = Executors.newFixedThreadPool(2);

	private final RequestReplyHandler handler = new RequestReplyHandler(
			StatefulFunctions.builder().register(Cluster.FUNCTION, new Greeter(this.threads)).build());

	private final HttpServer server = newServer();

	@BeforeEach
	void start() {
		this.server.createContext("/statefun", this::serve);
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void requestIsAnsweredWith200AndTheExactContentType(Dialect dialect) throws Exception {
		HttpResponse<byte[]> response = post(Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("Ada"))
			.toByteArray(dialect == Dialect.V3));
		assertThat(response.statusCode()).isEqualTo(200);
		// Parameters of the content type fail the job on some clusters (protocol.md
		// §6.1)
		assertThat(response.headers().allValues("Content-Type")).containsExactly(CONTENT_TYPE);
		assertThat(ClusterReply.of(dialect == Dialect.V3, response.body()).sent())
			.containsExactly(new Sent("example/caller/c-1", Values.text("Hello Ada")));
	}

	@Test
	void failureIsAnsweredWith500AndTheNextRequestIsServed() throws Exception {
		assertThat(post(new byte[] { 1, 2, 3 }).statusCode()).isEqualTo(500);
		assertThat(post(Cluster.request(Values.count(1)).toV3().toByteArray()).statusCode()).isEqualTo(500);
		assertThat(post(Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("Ada"))
			.toV3()
			.toByteArray()).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.core.SpringVersion", "org.springframework.boot.SpringApplication",
			"org.springframework.util.Assert", "jakarta.servlet.Servlet" })
	void noFrameworkIsOnTheClassPath(String className) {
		assertThatExceptionOfType(ClassNotFoundException.class).isThrownBy(() -> Class.forName(className));
	}

	private void serve(HttpExchange exchange) throws IOException {
		byte[] request = exchange.getRequestBody().readAllBytes();
		this.handler.handle(request).whenComplete((reply, ex) -> {
			try (exchange) {
				if (ex != null) {
					exchange.sendResponseHeaders(500, -1);
				}
				else {
					exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
					exchange.sendResponseHeaders(200, reply.length);
					exchange.getResponseBody().write(reply);
				}
			}
			catch (IOException ioException) {
				throw new IllegalStateException(ioException);
			}
		});
	}

	private HttpResponse<byte[]> post(byte[] body) throws Exception {
		InetSocketAddress address = this.server.getAddress();
		URI uri = new URI("http", null, address.getAddress().getHostAddress(), address.getPort(), "/statefun", null,
				null);
		HttpRequest request = HttpRequest.newBuilder(uri)
			.timeout(Duration.ofSeconds(10))
			.header("Content-Type", CONTENT_TYPE)
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(request, HttpResponse.BodyHandlers.ofByteArray());
	}

	private static HttpServer newServer() {
		try {
			return HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Greets users, on another thread.
	 *
	 * @param executor the other thread
	 */
	record Greeter(ExecutorService executor) {

		@Handler
		CompletionStage<String> greet(User user) {
			return CompletableFuture.supplyAsync(() -> "Hello " + user.getName(), this.executor);
		}

	}

}
