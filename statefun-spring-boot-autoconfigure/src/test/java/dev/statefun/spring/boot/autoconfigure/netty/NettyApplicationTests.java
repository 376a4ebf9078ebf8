package dev.statefun.spring.boot.autoconfigure.netty;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.security.EndpointAccessFilter;
import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.spring.web.StatefunHttpHandler;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for applications whose endpoint is served by Netty, with real sockets.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class NettyApplicationTests {

	private static final String SECRET = "0123456789abcdef";

	private static RunningService startLean(Class<?> application, String... more) {
		String[] properties = { "spring.main.web-application-type=none", "spring.autoconfigure.exclude=" };
		String[] all = new String[properties.length + more.length];
		System.arraycopy(properties, 0, all, 0, properties.length);
		System.arraycopy(more, 0, all, properties.length, more.length);
		return RunningService.start(application, all);
	}

	@Test
	void leanApplicationServesOnlyTheEndpoint(CapturedOutput output) throws Exception {
		try (RunningService service = startLean(CountingService.class, "statefun.server.port=0")) {
			int port = service.clusterPort();
			assertThat(service.context()).isNotInstanceOf(WebServerApplicationContext.class);
			HttpResponse<byte[]> response = service.post(port, "/statefun", CountingService.request());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).contains("application/octet-stream");
			assertThat(ClusterReply.v3(response.body()).intStates()).containsEntry("total", 42);
			assertThat(service.post(port, "/statefun", CountingService.pendingRequest()).statusCode()).isEqualTo(200);
			assertThat(service.get(port, "/statefun").statusCode()).isEqualTo(405);
			for (String path : List.of("/page", "/actuator/health", "/", "/statefun/more")) {
				assertThat(service.get(port, path).statusCode()).as(path).isEqualTo(404);
			}
			assertThat(service.post(port, "/statefun", new byte[] { 1 }).statusCode()).isEqualTo(500);
			assertThat(output)
				.contains("Netty started with the endpoint on port " + port + " (http) with path '/statefun'")
				.contains("Serving 2 stateful functions at POST /statefun on port " + port + ": [")
				.doesNotContain("no cluster can reach them")
				.doesNotContain("is open: any client");
		}
	}

	@Test
	void threadsOfTheServerKeepTheApplicationAliveUntilItCloses() {
		RunningService service = startLean(CountingService.class, "statefun.server.port=0");
		int port = service.clusterPort();
		assertThat(serverThreads()).isNotEmpty().allSatisfy((thread) -> assertThat(thread.isDaemon()).isFalse());
		service.close();
		await().atMost(30, TimeUnit.SECONDS).until(() -> serverThreads().isEmpty());
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> service.post(port, "/statefun", CountingService.request()));
	}

	private static List<Thread> serverThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("statefun-server"))
			.toList();
	}

	@Test
	void healthAndMetersAreThoseOfAServedEndpoint() throws Exception {
		try (RunningService service = startLean(CountingService.class, "statefun.server.port=0",
				"statefun.security.secret=" + SECRET)) {
			assertThat(service.post(service.clusterPort(), "/statefun", CountingService.request()).statusCode())
				.isEqualTo(403);
			Health health = Objects
				.requireNonNull(service.context().getBean("statefunHealthIndicator", HealthIndicator.class).health());
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			MeterRegistry meters = service.context().getBean(MeterRegistry.class);
			assertThat(meters.get("statefun.requests.rejected").tag("reason", "forbidden").counter().count())
				.isEqualTo(1.0);
			// A connection is closed after a refusal if the body has not arrived by then
			assertThat(
					service.post(service.clusterPort(), "/statefun/" + SECRET, CountingService.request()).statusCode())
				.isEqualTo(200);
			assertThat(meters.get("statefun.server.connections").gauge().value()).isPositive();
			assertThat(meters.get("statefun.server.blocked").tag("function", "test/counter").counter().count())
				.isZero();
		}
	}

	@Test
	void secretAndAddressesRestrictAccess(CapturedOutput output) throws Exception {
		try (RunningService service = startLean(CountingService.class, "statefun.server.port=0",
				"statefun.security.secret=" + SECRET, "statefun.path=/functions",
				"server.forward-headers-strategy=native", "statefun.security.allowed-addresses=127.0.0.0/8")) {
			int port = service.clusterPort();
			assertThat(service.post(port, "/functions/" + SECRET, CountingService.request()).statusCode())
				.isEqualTo(200);
			assertThat(service.post(port, "/functions", CountingService.request()).statusCode()).isEqualTo(403);
			assertThat(service.post(port, "/functions/fedcba9876543210", CountingService.request()).statusCode())
				.isEqualTo(403);
		}
		try (RunningService service = startLean(CountingService.class, "statefun.server.port=0",
				"statefun.security.allowed-addresses=10.0.0.0/8")) {
			assertThat(service
				.post(service.clusterPort(), "/statefun", CountingService.request(), "X-Forwarded-For", "10.1.2.3")
				.statusCode()).isEqualTo(403);
		}
		assertThat(output).doesNotContain(SECRET).contains("Refused a request from 127.0.0.1: ");
	}

	@Test
	void openEndpointIsReported(CapturedOutput output) {
		startLean(CountingService.class, "statefun.server.port=0", "statefun.server.address=0.0.0.0").close();
		assertThat(output).contains("The endpoint for StateFun clusters, POST /statefun, is open");
	}

	@Test
	void limitsApply() throws Exception {
		try (RunningService service = startLean(CountingService.class, "statefun.server.port=0",
				"statefun.max-request-size=10B", "statefun.server.execution=event-loop",
				"statefun.server.netty.max-head-size=1KB", "statefun.server.netty.event-loops=1")) {
			HttpResponse<byte[]> response = service.post(service.clusterPort(), "/statefun", CountingService.request());
			assertThat(response.statusCode()).isEqualTo(500);
			assertThat(new String(response.body())).contains("'statefun.max-request-size'");
			HttpResponse<byte[]> other = service.post(service.clusterPort(), "/statefun", new byte[] { 8, 1 }, "Large",
					"x".repeat(1024));
			assertThat(other.statusCode()).isEqualTo(500);
			assertThat(new String(other.body())).contains("too large");
			assertThat(serverThreads()).hasSize(1);
		}
	}

	@Test
	void occupiedPortStopsTheStartUp(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(
					() -> startLean(CountingService.class, "statefun.server.port=" + taken.getLocalPort()).close());
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Port " + taken.getLocalPort() + " of 'statefun.server.port' can't be opened: ")
				.contains("Stop the process that listens there, or set 'statefun.server.port' to another port");
		}
		await().atMost(30, TimeUnit.SECONDS).until(() -> serverThreads().isEmpty());
	}

	@Test
	void immediateShutdownDoesNotWait() throws Exception {
		try (RunningService service = startLean(Waiting.class, "statefun.server.port=0", "server.shutdown=immediate")) {
			Slow slow = service.context().getBean(Slow.class);
			int port = service.clusterPort();
			CompletableFuture<HttpResponse<byte[]>> response = CompletableFuture
				.supplyAsync(() -> post(service, port, "joe"));
			assertThat(slow.called.await(30, TimeUnit.SECONDS)).isTrue();
			service.context().close();
			assertThat(slow.reply).isNotDone();
			assertThat(response).failsWithin(30, TimeUnit.SECONDS);
		}
	}

	private static HttpResponse<byte[]> post(RunningService service, int port, String id) {
		try {
			return service.post(port, "/statefun",
					ClusterRequest.v3("test/slow", id).messageFrom("test/counter", "ann", 1).toByteArray());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void engineServesTheEndpointBesideAServletContainer(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, RunningService.WITH_NETTY,
				"statefun.server.engine=netty", "statefun.server.port=0", "server.servlet.context-path=/app")) {
			assertThat(service.context().getBeansOfType(StatefunHttpHandler.class)).isEmpty();
			int port = service.clusterPort();
			assertThat(port).isNotEqualTo(service.port());
			assertThat(service.post(port, "/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.post("/app/statefun", CountingService.request()).statusCode()).isEqualTo(404);
			assertThat(service.get(service.port(), "/app/page").statusCode()).isEqualTo(200);
			assertThat(service.get(port, "/app/page").statusCode()).isEqualTo(404);
			assertThat(output).contains("at POST /statefun on port " + port + ": [");
		}
	}

	@Test
	void servletContainerServesTheEndpointOtherwise(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, RunningService.WITH_NETTY,
				"statefun.server.netty.idle-timeout=5s")) {
			assertThat(service.context().getBeansOfType(NettyServerLifecycle.class)).isEmpty();
			assertThat(service.post("/statefun", CountingService.request()).statusCode()).isEqualTo(200);
			assertThat(service.context().getBeansOfType(EndpointAccessFilter.class)).isEmpty();
			assertThat(output).contains("[statefun.server.netty.idle-timeout] of the configuration have no effect");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ CountingService.class, Slow.class })
	static class Waiting {

	}

	@StatefulFunction("test/slow")
	static class Slow {

		private final CountDownLatch called = new CountDownLatch(1);

		private final CompletableFuture<Integer> reply = new CompletableFuture<>();

		@Handler
		CompletionStage<Integer> on(int message) {
			this.called.countDown();
			return this.reply;
		}

	}

}
