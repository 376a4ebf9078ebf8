package dev.statefun.spring.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.web.RawRequest.Answer;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starts services on Tomcat, and checks what they hold, for tests of bodies that arrive
 * in pieces.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
abstract class AbstractBodyTests {

	static final Duration BOUND = Duration.ofSeconds(30);

	static final byte[] SMALL = request(1);

	static final byte[] LARGE = request(600_000);

	private @Nullable ConfigurableApplicationContext context;

	// Echoes the caller's id, so that each of its bytes is checked
	static byte[] request(int size) {
		return ClusterRequest.v3("test/echo", "a").messageFrom("test/caller", "c".repeat(size), 1).toByteArray();
	}

	void start(Class<?> setup, String... properties) {
		start(List.of(setup), properties);
	}

	void start(List<Class<?>> setups, String... properties) {
		Class<?>[] sources = Stream.concat(Stream.of(Functions.class), setups.stream()).toArray(Class<?>[]::new);
		List<String> arguments = new ArrayList<>(
				List.of("--server.address=127.0.0.1", "--server.port=0", "--server.tomcat.threads.max=8"));
		Stream.of(properties).map("--"::concat).forEach(arguments::add);
		this.context = new SpringApplication(sources).run(arguments.toArray(String[]::new));
	}

	@AfterEach
	void stop() {
		if (this.context != null) {
			this.context.close();
		}
	}

	ConfigurableApplicationContext context() {
		return Objects.requireNonNull(this.context);
	}

	int port() {
		return Objects.requireNonNull(((ServletWebServerApplicationContext) context()).getWebServer()).getPort();
	}

	Admission admission() {
		return context().getBean(Admission.class);
	}

	void assertNothingIsInFlight() {
		await().atMost(BOUND)
			.untilAsserted(() -> assertThat(admission()).returns(0, Admission::requestsInFlight)
				.returns(0L, Admission::bytesInFlight)
				.returns(0, Admission::requestsWaiting));
	}

	static void assertEchoed(Answer answer, int size) {
		assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(200);
		assertThat(answer.body()).contains("c".repeat(size));
	}

	// In one packet, as a cluster does
	static byte[] withHead(byte[] body) {
		byte[] head = ("POST /statefun HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
				+ "Content-Length: " + body.length + "\r\n\r\n")
			.getBytes();
		byte[] whole = Arrays.copyOf(head, head.length + body.length);
		System.arraycopy(body, 0, whole, head.length, body.length);
		return whole;
	}

	@StatefulFunction("test/echo")
	static class Echo {

		@Handler
		int on(int message) {
			return message;
		}

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Echo.class)
	static class Functions {

	}

}
