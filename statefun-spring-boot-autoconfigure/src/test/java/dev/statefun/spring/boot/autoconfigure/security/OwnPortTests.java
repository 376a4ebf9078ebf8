package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.CountingService;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.servlet.ServletWebServerFactory;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the endpoint's own port.
 */
@ExtendWith(OutputCaptureExtension.class)
class OwnPortTests {

	@Test
	void ownPortServesOnlyTheEndpoint(CapturedOutput output) throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"management.endpoints.web.exposure.include=*")) {
			int own = service.clusterPort();
			assertThat(own).isPositive().isNotEqualTo(service.port());
			HttpResponse<byte[]> response = service.post(own, "/statefun", CountingService.request());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(ClusterReply.v3(response.body()).intStates()).containsEntry("total", 42);
			assertThat(service.post(own, "/statefun", CountingService.pendingRequest()).statusCode()).isEqualTo(200);
			assertThat(service.get(own, "/statefun").statusCode()).isEqualTo(405);
			for (String path : List.of("/page", "/actuator", "/actuator/health", "/", "/error", "/statefun/",
					"/statefun/more", "/nothing", "/page;a=b", "/statefun/../page")) {
				HttpResponse<byte[]> other = service.get(own, path);
				assertThat(other.statusCode()).as(path).isEqualTo(404);
				assertThat(other.body()).as(path).isEmpty();
			}
			// A request line that Tomcat itself rejects
			HttpResponse<byte[]> invalid = service.get(own, "/statefun%00");
			assertThat(invalid.statusCode()).isEqualTo(400);
			for (String path : List.of("/statefun", "/statefun;a=b", "/%73tatefun")) {
				HttpResponse<byte[]> refused = service.post(path, CountingService.request());
				assertThat(refused.statusCode()).as(path).isEqualTo(403);
				assertThat(refused.body()).as(path).isEmpty();
			}
			assertThat(service.get(service.port(), "/page").statusCode()).isEqualTo(200);
			assertThat(service.get(service.port(), "/actuator/health").statusCode()).isEqualTo(200);
			assertThat(output).contains("Serving 2 stateful functions at POST /statefun on port " + own + ": [");
		}
		assertThat(output)
			.containsOnlyOnce("Refused a request from 127.0.0.1: its path is not that of the endpoint "
					+ "on 'statefun.server.port'")
			.containsOnlyOnce("Refused a request from 127.0.0.1: it was sent to the endpoint on another port than "
					+ "'statefun.server.port'")
			.doesNotContain("%73");
	}

	@Test
	void forwardedHeadersDoNotChangeThePort() throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"server.forward-headers-strategy=native", "server.tomcat.remoteip.port-header=X-Forwarded-Port")) {
			String port = String.valueOf(service.clusterPort());
			assertThat(service
				.post("/statefun", CountingService.request(), "X-Forwarded-Port", port, "X-Forwarded-For", "10.1.2.3")
				.statusCode()).isEqualTo(403);
			assertThat(service.get(service.clusterPort(), "/page", "X-Forwarded-Port", String.valueOf(service.port()))
				.statusCode()).isEqualTo(404);
		}
	}

	@Test
	void secretIsRequiredAtTheOwnPort() throws Exception {
		String secret = "0123456789abcdef";
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"statefun.security.secret=" + secret, "server.servlet.context-path=/app")) {
			int own = service.clusterPort();
			assertThat(service.post(own, "/app/statefun/" + secret, CountingService.request()).statusCode())
				.isEqualTo(200);
			assertThat(service.post(own, "/app/statefun", CountingService.request()).statusCode()).isEqualTo(403);
			assertThat(service.post("/app/statefun/" + secret, CountingService.request()).statusCode()).isEqualTo(403);
		}
	}

	@Test
	void actuatorKeepsItsOwnPort() throws Exception {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"management.server.port=0", "management.server.address=127.0.0.1")) {
			int management = Objects
				.requireNonNull(service.context().getEnvironment().getProperty("local.management.port", Integer.class));
			assertThat(service.get(management, "/actuator/health").statusCode()).isEqualTo(200);
			assertThat(service.post(management, "/statefun", CountingService.request()).statusCode()).isEqualTo(404);
			assertThat(service.get(service.clusterPort(), "/actuator/health").statusCode()).isEqualTo(404);
			assertThat(service.post(service.clusterPort(), "/statefun", CountingService.request()).statusCode())
				.isEqualTo(200);
		}
	}

	@Test
	void serverSettingsApplyToTheOwnPort() {
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"server.tomcat.threads.max=7", "server.tomcat.max-keep-alive-requests=9")) {
			assertThat(connectors(service.context())).hasSize(2).allSatisfy((connector) -> {
				AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
				assertThat(protocol.getKeepAliveTimeout()).isEqualTo(75_000);
				assertThat(protocol.getMaxKeepAliveRequests()).isEqualTo(9);
				assertThat(protocol.getMaxThreads()).isEqualTo(7);
				assertThat(protocol.getAddress().isLoopbackAddress()).isTrue();
			});
		}
		try (RunningService service = RunningService.start(CountingService.class, "statefun.server.port=0",
				"statefun.server.address=127.0.0.2")) {
			assertThat(connectors(service.context()))
				.extracting((connector) -> ((AbstractHttp11Protocol<?>) connector.getProtocolHandler()).getAddress())
				.containsExactly(address("127.0.0.1"), address("127.0.0.2"));
		}
	}

	@Test
	void gracefulShutdownWaitsForRequestsAtTheOwnPort() throws Exception {
		try (RunningService service = RunningService.start(Waiting.class, "statefun.server.port=0")) {
			Slow slow = service.context().getBean(Slow.class);
			byte[] request = ClusterRequest.v3("test/slow", "joe").messageFrom("test/counter", "ann", 1).toByteArray();
			int own = service.clusterPort();
			CompletableFuture<HttpResponse<byte[]>> response = CompletableFuture.supplyAsync(() -> {
				try {
					return service.post(own, "/statefun", request);
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
			});
			assertThat(slow.called.await(10, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> closed = CompletableFuture.runAsync(service::close);
			slow.reply.completeOnTimeout(1, 300, TimeUnit.MILLISECONDS);
			assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
			closed.get(10, TimeUnit.SECONDS);
		}
	}

	@Test
	void occupiedPortStopsTheStartUp(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(
					() -> RunningService.start(CountingService.class, "statefun.server.port=" + taken.getLocalPort())
						.close());
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Port " + taken.getLocalPort() + " of 'statefun.server.port' can't be opened: ")
				.contains("Stop the process that listens there, or set 'statefun.server.port' to another port");
		}
	}

	@Test
	void serverWithoutTheOwnPortStopsTheStartUp(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> RunningService.start(OtherServer.class, "statefun.server.port=0").close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'statefun.server.port' is set, but only an embedded Tomcat can open that port")
			.contains("Let the application run on an embedded Tomcat, or remove 'statefun.server.port'");
	}

	private static List<Connector> connectors(ApplicationContext context) {
		TomcatWebServer server = (TomcatWebServer) Objects
			.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer());
		return Arrays.asList(server.getTomcat().getService().findConnectors());
	}

	private static InetAddress address(String text) {
		try {
			return InetAddress.getByName(text);
		}
		catch (UnknownHostException ex) {
			throw new AssertionError(ex);
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

	@Configuration(proxyBeanMethods = false)
	@Import(CountingService.class)
	static class OtherServer {

		// A server without customizers, like a container that the application is
		// deployed to
		@Bean
		ServletWebServerFactory webServerFactory() {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
			factory.setAddress(InetAddress.getLoopbackAddress());
			return factory::getWebServer;
		}

	}

}
