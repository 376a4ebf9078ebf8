package dev.statefun.spring.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests on a real server and a real socket.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "server.address=127.0.0.1", "spring.servlet.encoding.force=true", "statefun.batch-timeout=2s" })
class RealServerTests {

	private static final byte[] ADD_TWO = ClusterRequest.v2("test/counter", "joe")
		.intState("total", 40)
		.message(2)
		.toByteArray();

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	private Never never;

	@Test
	void contentTypeHasNoCharsetDespiteAForcedEncoding() throws Exception {
		HttpResponse<byte[]> response = post(ADD_TWO);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
		assertThat(ClusterReply.v2(response.body()).intStates()).containsEntry("total", 42);
	}

	@Test
	void garbageIsRejectedAndTheNextRequestIsAnswered() throws Exception {
		Random random = new Random(42);
		for (int i = 0; i < 200; i++) {
			byte[] garbage = new byte[random.nextInt(300)];
			random.nextBytes(garbage);
			assertThat(post(garbage).statusCode()).isEqualTo(500);
		}
		for (int length = 0; length < ADD_TWO.length; length++) {
			assertThat(post(Arrays.copyOf(ADD_TWO, length)).statusCode()).isEqualTo(500);
		}
		assertThat(post(ADD_TWO).statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS" })
	void otherMethodsAreNotAllowed(String method) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri()).method(method, HttpRequest.BodyPublishers.noBody()).build();
		HttpResponse<byte[]> response = this.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
		assertThat(response.statusCode()).isEqualTo(405);
		assertThat(response.headers().firstValue("Allow")).contains("POST");
	}

	@Test
	void replyCompletedByAnotherThreadArrives() throws Exception {
		byte[] request = ClusterRequest.v3("test/later", "joe").messageFrom("test/counter", "ann", 1).toByteArray();
		HttpResponse<byte[]> response = post(request);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().allValues("Content-Type")).containsExactly("application/octet-stream");
		assertThat(ClusterReply.v3(response.body()).messages()).hasSize(1);
		byte[] failing = ClusterRequest.v3("test/later", "joe").message(-1).toByteArray();
		assertThat(post(failing).statusCode()).isEqualTo(500);
	}

	@Test
	void lateReplyFailsAndItsBatchIsStopped() throws Exception {
		byte[] request = ClusterRequest.v3("test/never", "joe").message(1).message(2).toByteArray();
		HttpResponse<byte[]> response = post(request);
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(new String(response.body(), StandardCharsets.UTF_8))
			.isEqualTo("The function failed; see the log of this service.");
		this.never.pending.complete(null);
		assertThat(this.never.calls).hasValue(1);
		assertThat(post(ADD_TWO).statusCode()).isEqualTo(200);
	}

	@Test
	void tomcatKeepsConnectionsOpenByDefault() {
		assertThat(keepAliveOf()).containsExactly(75_000, -1);
		assertThat(keepAliveOf("--server.tomcat.keep-alive-timeout=3s", "--server.tomcat.max-keep-alive-requests=7"))
			.containsExactly(3000, 7);
	}

	private static int[] keepAliveOf(String... arguments) {
		SpringApplication application = new SpringApplication(Functions.class);
		String[] all = Arrays.copyOf(arguments, arguments.length + 2);
		all[arguments.length] = "--server.port=0";
		all[arguments.length + 1] = "--server.address=127.0.0.1";
		try (ConfigurableApplicationContext context = application.run(all)) {
			TomcatWebServer server = (TomcatWebServer) Objects
				.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer());
			AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) server.getTomcat()
				.getConnector()
				.getProtocolHandler();
			return new int[] { protocol.getKeepAliveTimeout(), protocol.getMaxKeepAliveRequests() };
		}
	}

	private HttpResponse<byte[]> post(byte[] body) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri())
			.header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
		return this.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
	}

	private URI uri() {
		return URI.create("http://127.0.0.1:" + this.port + "/statefun");
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@StatefulFunction("test/later")
	static class Later {

		@Handler
		CompletionStage<Integer> on(int message) {
			return CompletableFuture.supplyAsync(() -> 1 / (message + 1),
					CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		}

	}

	@StatefulFunction("test/never")
	static class Never {

		private final CompletableFuture<Void> pending = new CompletableFuture<>();

		private final AtomicInteger calls = new AtomicInteger();

		@Handler
		CompletionStage<Void> on(int message) {
			this.calls.incrementAndGet();
			return this.pending;
		}

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ Counter.class, Later.class, Never.class })
	static class Functions {

		// Buffers every response until the last dispatch has ended
		@Bean
		ShallowEtagHeaderFilter bufferingFilter() {
			return new ShallowEtagHeaderFilter();
		}

	}

}
