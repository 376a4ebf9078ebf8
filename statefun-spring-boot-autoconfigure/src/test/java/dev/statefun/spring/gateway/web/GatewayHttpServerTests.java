package dev.statefun.spring.gateway.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.spring.gateway.GatewayReply;
import dev.statefun.spring.gateway.GatewayReply.Outcome;
import dev.statefun.spring.gateway.GatewayRequest;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.testing.GatewayService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.testing.ScriptedGateway;
import dev.statefun.spring.testing.messages.GatewayMessages.Greeting;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayHttpHandler} on a real server that lets encoded slashes
 * through.
 */
class GatewayHttpServerTests {

	private static final String USER_JSON = "application/vnd.type.googleapis.com/example.User+json";

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static RunningService service;

	private static ScriptedGateway gateway;

	private static GatewayHttpHandler handler;

	private static GatewayRequests requests;

	@BeforeAll
	static void start() {
		// Spring MVC's own limit is shorter than the gateway's, and there are few threads
		service = RunningService.start(Lenient.class, "statefun.gateway.http.enabled=true",
				"statefun.gateway.functions=example/count,deep/name/space/function", "statefun.gateway.http.timeout=2s",
				"statefun.gateway.http.max-waiting=60", "spring.mvc.async.request-timeout=50ms",
				"server.tomcat.threads.max=4", "server.servlet.context-path=/app", "spring.mvc.servlet.path=/mvc",
				"server.forward-headers-strategy=framework");
		gateway = service.context().getBean(ScriptedGateway.class);
		handler = service.context().getBean(GatewayHttpHandler.class);
		requests = service.context().getBean(GatewayRequests.class);
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	@BeforeEach
	void reset() {
		gateway.reset();
		gateway.replyWith(Greeting.newBuilder().setText("Hello").build());
	}

	@Test
	void idIsPercentEncodedUtf8() throws Exception {
		assertThat(post("/example/count/a%2Fb%20%C3%BC%252F").statusCode()).isEqualTo(200);
		assertThat(gateway.lastRequest().target()).hasToString("example/count/a/b ü%2F");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/example/secret/joe", "/example/%73ecret/joe", "/example/%2573ecret/joe",
			"/example/Count/joe", "/EXAMPLE/count/joe", "/example%2Fcount/joe", "/example/count%2Fjoe",
			"/example%252Fcount/joe", "/example/count/../secret/joe", "/example/count/%2e%2e/secret/joe",
			"/example/count/%2E%2E/%2E%2E/secret/joe", "/example/count;x=/joe", "/example/count/joe;x",
			"/example/secret;/count/joe", "/;/example/count/joe", "/example/count/joe/", "/example/count/",
			"/example/count//joe", "//example/count/joe", "/example/./count/joe", "/example/count",
			"/deep/name/space/joe", "/deep%2Fname%2Fspace/function/joe", "/deep/name%2Fspace/function/joe",
			"/name/space/function/joe", "/space/function/joe", "/example/count%00/joe", "/statefun.gateway/name/x" })
	void noOtherSpellingReachesAFunction(String path) throws Exception {
		String response = raw("POST /app/mvc/statefun-gateway" + path + " HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: " + USER_JSON + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
		// The server itself refuses a few of them
		assertThat(response).matches("(?s)HTTP/1.1 (400|404) .*");
		assertThat(gateway.requests()).isEmpty();
	}

	@Test
	void anotherServletDoesNotReachAFunction() throws Exception {
		String response = raw("POST /app/internal/statefun-gateway/example/count/joe HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: " + USER_JSON + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
		assertThat(response).startsWith("HTTP/1.1 404 ").contains("urn:statefun:gateway:not-found");
		assertThat(gateway.requests()).isEmpty();
	}

	@Test
	void locationHasThePathsOfTheServer() throws Exception {
		HttpResponse<String> response = send(request("/example/count/joe").header("Prefer", "respond-async"));
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.headers().firstValue("Location"))
			.contains("/app/mvc/statefun-gateway/-/requests/" + gateway.lastRequest().id());
	}

	// The prefix takes the place of the context path
	@Test
	void locationsAreThoseBeforeAProxy() throws Exception {
		HttpResponse<String> accepted = send(
				request("/example/count/joe").header("X-Forwarded-Prefix", "/proxy").header("Prefer", "respond-async"));
		assertThat(accepted.statusCode()).isEqualTo(202);
		assertThat(accepted.headers().firstValue("Location"))
			.contains("/proxy/mvc/statefun-gateway/-/requests/" + gateway.lastRequest().id());
		String document = send(request("/openapi.json", "GET").header("X-Forwarded-Prefix", "/proxy")).body();
		String server = new JsonMapper().readTree(document).at("/servers/0/url").stringValue();
		assertThat(URI.create("http://localhost/proxy/mvc/statefun-gateway/openapi.json").resolve(server))
			.hasToString("http://localhost/proxy/mvc/statefun-gateway");
	}

	@Test
	void waitingNeedsNoThreads() throws Exception {
		gateway.replyWith((request) -> null);
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		HttpClient client = HttpClient.newHttpClient();
		for (int i = 0; i < 60; i++) {
			responses.add(client.sendAsync(request("/example/count/" + i).build(), BodyHandlers.ofString()));
		}
		await(() -> gateway.requests().size() == 60);
		assertThat(send(request("/example/count/more")).statusCode()).isEqualTo(429);
		for (GatewayRequest request : gateway.requests()) {
			gateway.reply(GatewayReply.of(request.id(), Outcome.CONFLICT));
		}
		for (CompletableFuture<HttpResponse<String>> response : responses) {
			assertThat(response.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(409);
		}
		assertThat(handler.waiting()).isZero();
		assertThat(requests.waiting()).isZero();
	}

	@Test
	void waitingIsNotCutShort() throws Exception {
		gateway.replyWith((request) -> null);
		long start = System.nanoTime();
		assertThat(post("/example/count/joe").statusCode()).isEqualTo(504);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(TIMEOUT);
	}

	@Test
	void repliesAtTheTimeoutCauseOneAnswerEach() throws Exception {
		AtomicInteger delay = new AtomicInteger(900);
		gateway.replyWith((request) -> {
			CompletableFuture.delayedExecutor(delay.addAndGet(5), TimeUnit.MILLISECONDS).execute(() -> {
				gateway.reply(GatewayReply.of(request.id(), Outcome.CONFLICT));
				gateway.reply(GatewayReply.of(request.id(), Outcome.FAILED));
			});
			return null;
		});
		List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
		HttpClient client = HttpClient.newHttpClient();
		for (int i = 0; i < 40; i++) {
			responses.add(client.sendAsync(request("/example/count/" + i).header("Prefer", "wait=1").build(),
					BodyHandlers.ofString()));
		}
		for (CompletableFuture<HttpResponse<String>> response : responses) {
			assertThat(response.get(30, TimeUnit.SECONDS).statusCode()).isIn(202, 409);
		}
		assertThat(handler.waiting()).isZero();
	}

	@Test
	void clientThatGoesAwayLeavesNothingBehind() throws Exception {
		gateway.replyWith((request) -> null);
		for (int i = 0; i < 20; i++) {
			try (Socket socket = new Socket("127.0.0.1", service.port())) {
				write(socket, "POST /app/mvc/statefun-gateway/example/count/joe HTTP/1.1\r\nHost: localhost\r\n"
						+ "Content-Type: " + USER_JSON + "\r\nContent-Length: 2\r\n\r\n{}");
				int sent = i + 1;
				await(() -> gateway.requests().size() == sent);
			}
		}
		await(() -> handler.waiting() == 0 && requests.waiting() == 0);
		assertThat(send(request("/-/requests/" + gateway.lastRequest().id(), "GET")).statusCode()).isEqualTo(504);
	}

	@Test
	void announcedSizeIsCheckedBeforeTheBody() throws Exception {
		String response = raw("POST /app/mvc/statefun-gateway/example/count/joe HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: " + USER_JSON + "\r\nContent-Length: 34603008\r\n\r\n{");
		assertThat(response).startsWith("HTTP/1.1 413 ")
			.containsIgnoringCase("Connection: close")
			.contains("urn:statefun:gateway:request-too-large");
	}

	@Test
	void bodyOfUnknownSizeIsReadUpToTheLimit() throws Exception {
		try (Socket socket = new Socket("127.0.0.1", service.port())) {
			write(socket, "POST /app/mvc/statefun-gateway/example/count/joe HTTP/1.1\r\nHost: localhost\r\n"
					+ "Content-Type: " + USER_JSON + "\r\nTransfer-Encoding: chunked\r\n\r\n");
			// 33 MB, of which the server takes as much as it likes
			String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";
			try {
				for (int i = 0; i < 33; i++) {
					write(socket, chunk);
				}
			}
			catch (IOException ex) {
				// The server has closed the connection
			}
			assertThat(firstBytes(socket)).startsWith("HTTP/1.1 413 ");
		}
		assertThat(gateway.requests()).isEmpty();
	}

	@Test
	void bodyThatIsLargerThanAnnouncedIsCutThere() throws Exception {
		String response = raw("POST /app/mvc/statefun-gateway/example/count/joe HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: " + USER_JSON + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}{}");
		assertThat(response).startsWith("HTTP/1.1 200 ");
		assertThat(gateway.requests()).hasSize(1);
	}

	private HttpResponse<String> post(String path) throws Exception {
		return send(request(path));
	}

	private static HttpRequest.Builder request(String path) {
		return request(path, "POST").header("Content-Type", USER_JSON);
	}

	private static HttpRequest.Builder request(String path, String method) {
		return HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/app/mvc/statefun-gateway" + path))
			.method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
	}

	private static String raw(String request) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", service.port())) {
			socket.setSoTimeout(10_000);
			write(socket, request);
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

	private static void write(Socket socket, String text) throws IOException {
		OutputStream out = socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		out.flush();
	}

	private static String firstBytes(Socket socket) throws IOException {
		socket.setSoTimeout(10_000);
		InputStream in = socket.getInputStream();
		return new String(in.readNBytes(13), StandardCharsets.ISO_8859_1);
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(GatewayService.class)
	static class Lenient {

		@Bean
		ServletRegistrationBean<DispatcherServlet> internalServlet(WebApplicationContext parent) {
			AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
			context.setParent(parent);
			ServletRegistrationBean<DispatcherServlet> servlet = new ServletRegistrationBean<>(
					new DispatcherServlet(context), "/internal/*");
			servlet.setName("internal");
			return servlet;
		}

		@Bean
		WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> encodedSlashes() {
			return (factory) -> factory.addConnectorCustomizers(
					(connector) -> connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue()));
		}

	}

}
