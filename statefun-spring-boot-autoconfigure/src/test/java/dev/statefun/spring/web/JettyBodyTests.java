package dev.statefun.spring.web;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.web.RawRequest.Answer;
import dev.statefun.testing.ClusterRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for bodies that arrive in pieces on Jetty. It is started without Boot's module,
 * which would replace Tomcat in the other tests.
 */
@Timeout(120)
class JettyBodyTests {

	private static final Duration BOUND = Duration.ofSeconds(30);

	private static final byte[] SMALL = request(1);

	private static final byte[] LARGE = request(600_000);

	private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private static byte[] request(int size) {
		return ClusterRequest.v3("test/echo", "a").messageFrom("test/caller", "c".repeat(size), 1).toByteArray();
	}

	private void start(Class<?>... filters) throws Exception {
		start("20s", filters);
	}

	private void start(String readTimeout, Class<?>... filters) throws Exception {
		this.context.register(Functions.class);
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("statefun.read-timeout", readTimeout)));
		ServletContextHandler handler = new ServletContextHandler();
		ServletHolder servlet = new ServletHolder(new DispatcherServlet(this.context));
		servlet.setAsyncSupported(true);
		handler.addServlet(servlet, "/");
		for (Class<?> filter : filters) {
			FilterHolder holder = new FilterHolder(filterOf(filter));
			holder.setAsyncSupported(true);
			handler.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
		}
		this.server.setHandler(handler);
		this.server.start();
	}

	private static Filter filterOf(Class<?> configuration) {
		try (AnnotationConfigWebApplicationContext filters = new AnnotationConfigWebApplicationContext()) {
			filters.register(configuration);
			filters.refresh();
			return filters.getBean(Filter.class);
		}
	}

	@AfterEach
	void stop() throws Exception {
		this.server.stop();
	}

	private int port() {
		return ((ServerConnector) this.server.getConnectors()[0]).getLocalPort();
	}

	private Admission admission() {
		return this.context.getBean(Admission.class);
	}

	private static void assertEchoed(Answer answer, int size) {
		assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
		assertThat(answer.body()).contains("c".repeat(size));
	}

	private void assertNothingIsInFlight() {
		await().atMost(BOUND)
			.untilAsserted(() -> assertThat(admission()).returns(0, Admission::requestsInFlight)
				.returns(0L, Admission::bytesInFlight));
	}

	@ParameterizedTest
	@ValueSource(classes = { Object.class, WrappedRequests.Caching.class, WrappedRequests.Throwing.class,
			WrappedRequests.Ignoring.class, WrappedRequests.NeverReady.class })
	void bodyArrivingInPiecesIsComplete(Class<?> filter) throws Exception {
		start((filter == Object.class) ? new Class<?>[0] : new Class<?>[] { filter });
		for (byte[] body : List.of(SMALL, LARGE)) {
			int size = (body == SMALL) ? 1 : 600_000;
			try (RawRequest request = new RawRequest(port())) {
				request.head("Content-Length: " + body.length).send(body, 0, 3);
				await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
				request.send(body, 3, body.length);
				assertEchoed(request.answer(), size);
				request.head("Transfer-Encoding: chunked").chunk(body, 0, 3);
				await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
				request.chunk(body, 3, body.length).send("0\r\n\r\n");
				assertEchoed(request.answer(), size);
				request.head("Expect: 100-continue", "Content-Length: " + body.length);
				assertThat(request.answer().status()).isEqualTo(100);
				assertEchoed(request.send(body).answer(), size);
			}
		}
		assertNothingIsInFlight();
	}

	@Test
	void stalledBodyIsAnswered500AndItsConnectionClosed() throws Exception {
		start("500ms");
		for (String head : List.of("Content-Length: 67108864", "Transfer-Encoding: chunked")) {
			for (String begin : List.of("", "3\r\nabc\r\n")) {
				try (RawRequest request = new RawRequest(port()).head(head).send(begin)) {
					Answer answer = request.answer();
					assertThat(answer.status()).isEqualTo(500);
					assertThat(answer.body()).contains("has not gone on for 500 ms ('statefun.read-timeout')");
					assertThat(request.isClosed()).isTrue();
				}
			}
		}
		assertNothingIsInFlight();
	}

	@Test
	void truncatedBodyHoldsNoRoom() throws Exception {
		start();
		try (RawRequest request = new RawRequest(port()).head("Content-Length: 1000").send("abc")) {
			await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
			assertThat(request.endOfBody().answer().status()).isIn(-1, 500);
		}
		assertNothingIsInFlight();
	}

	@StatefulFunction("test/echo")
	static class Echo {

		@Handler
		int on(int message) {
			return message;
		}

	}

	@EnableWebMvc
	@Configuration(proxyBeanMethods = false)
	@Import(Echo.class)
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
	static class Functions {

	}

}
