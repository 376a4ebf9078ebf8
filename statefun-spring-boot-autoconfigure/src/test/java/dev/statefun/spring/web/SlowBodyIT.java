package dev.statefun.spring.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.spring.web.RawRequest.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for bodies that stall, are slow or truncated, or find no room on Tomcat, behind
 * all kinds of filters.
 */
class SlowBodyIT extends AbstractBodyTests {

	@ParameterizedTest
	@ValueSource(classes = { Functions.class, WrappedRequests.Caching.class })
	void stalledBodyIsAnswered500AndItsConnectionClosed(Class<?> setup, CapturedOutput output) throws Exception {
		start(setup, "statefun.read-timeout=300ms");
		for (String head : List.of("Content-Length: 67108864", "Transfer-Encoding: chunked")) {
			for (String begin : List.of("", "3\r\nabc\r\n")) {
				try (RawRequest request = new RawRequest(port()).head(head).send(begin)) {
					Answer answer = request.answer();
					assertThat(answer.status()).isEqualTo(500);
					assertThat(answer.head()).containsIgnoringCase("Connection: close");
					assertThat(answer.body()).contains("has not gone on for 300 ms ('statefun.read-timeout')");
					assertThat(request.isClosed()).isTrue();
				}
			}
		}
		assertNothingIsInFlight();
		assertThat(output.getAll().lines().filter((line) -> line.contains("has not gone on"))).singleElement()
			.asString()
			.contains(" WARN ");
	}

	@ParameterizedTest
	@ValueSource(classes = { Functions.class, WrappedRequests.Caching.class, WrappedRequests.Throwing.class,
			WrappedRequests.Ignoring.class, WrappedRequests.NeverReady.class, WrappedRequests.WithoutAsync.class })
	void slowBodyIsAnswered500AndItsConnectionClosed(Class<?> setup) throws Exception {
		startImpatiently(setup);
		try (RawRequest request = new RawRequest(port()).head("Content-Length: 67108864")) {
			Thread sender = new Thread(() -> {
				try {
					while (true) {
						request.send("x");
						TimeUnit.MILLISECONDS.sleep(50);
					}
				}
				catch (Exception ex) {
					// Closed
				}
			});
			sender.start();
			Answer answer = request.answer();
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.body()).contains("bytes per second ('statefun.min-read-rate')");
			sender.join(BOUND.toMillis());
			assertThat(sender.isAlive()).as("can still send").isFalse();
		}
		assertNothingIsInFlight();
	}

	private void startImpatiently(Class<?> setup) {
		start(List.of(setup, Impatient.class));
	}

	@ParameterizedTest
	@ValueSource(classes = { WrappedRequests.Throwing.class, WrappedRequests.Ignoring.class,
			WrappedRequests.NeverReady.class, WrappedRequests.WithoutAsync.class })
	void blockingBodyReadsUseAQuarterOfTheThreads(Class<?> setup) throws Exception {
		start(setup);
		List<RawRequest> slow = new ArrayList<>();
		try {
			for (int i = 0; i < 2; i++) {
				slow.add(new RawRequest(port()).head("Content-Length: 1000000").send("x"));
			}
			await().atMost(BOUND).until(() -> admission().bytesInFlight() == 2 * 8192);
			for (int i = 0; i < 10; i++) {
				try (RawRequest refused = new RawRequest(port()).head("Content-Length: 1000000").send("x")) {
					Answer answer = refused.answer();
					assertThat(answer.status()).isEqualTo(429);
					assertThat(answer.body()).startsWith("The bodies of 2 requests are read on threads of the server");
					assertThat(refused.isClosed()).isTrue();
				}
				try (RawRequest complete = new RawRequest(port())) {
					complete.send(withHead(SMALL));
					assertEchoed(complete.answer(), 1);
				}
			}
		}
		finally {
			for (RawRequest each : slow) {
				each.close();
			}
		}
		assertNothingIsInFlight();
	}

	@ParameterizedTest
	@ValueSource(classes = { Functions.class, WrappedRequests.Throwing.class, WrappedRequests.WithoutAsync.class })
	void truncatedBodyNeverGetsAStatusThatFailsAJob(Class<?> setup, CapturedOutput output) throws Exception {
		start(setup);
		try (RawRequest request = new RawRequest(port()).head("Content-Length: 1000").send("abc").endOfBody()) {
			assertThat(request.answer().status()).isIn(-1, 500);
		}
		try (RawRequest request = new RawRequest(port()).head("Transfer-Encoding: chunked")
			.send("3\r\nabc\r\n")
			.endOfBody()) {
			assertThat(request.answer().status()).isIn(-1, 500);
		}
		try (RawRequest request = new RawRequest(port()).head("Transfer-Encoding: chunked")
			.send("3\r\nabc\r\nno\r\n")) {
			assertThat(request.answer().status()).isIn(-1, 500);
		}
		assertNothingIsInFlight();
		await().atMost(BOUND).untilAsserted(() -> assertThat(output).contains("The body of a request ended after "));
	}

	@Test
	void roomIsGrantedToTheFirstBody(CapturedOutput output) throws Exception {
		start(Functions.class, "statefun.max-in-flight-bytes=1MB", "statefun.max-request-size=1MB",
				"statefun.queue-timeout=300ms");
		try (RawRequest first = new RawRequest(port()); RawRequest second = new RawRequest(port())) {
			first.head("Content-Length: " + LARGE.length).send(LARGE, 0, 200_000);
			await().atMost(BOUND).until(() -> admission().bytesInFlight() >= 200_000);
			second.head("Content-Length: " + LARGE.length).send(LARGE, 0, 400_000);
			await().atMost(BOUND).until(() -> admission().bytesInFlight() >= 700_000);
			first.send(LARGE, 200_000, LARGE.length);
			assertEchoed(first.answer(), 600_000);
			Answer answer = second.answer();
			assertThat(answer.status()).isEqualTo(429);
			assertThat(answer.body()).contains("is needed for one that began to arrive earlier");
			assertThat(second.isClosed()).isTrue();
		}
		assertNothingIsInFlight();
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void arrivingBodiesAreRejectedWhenTheServerStops() throws Exception {
		start(Functions.class);
		try (RawRequest request = new RawRequest(port()).head("Content-Length: 1000").send("x")) {
			await().atMost(BOUND).until(() -> admission().bytesInFlight() > 0);
			Thread closing = new Thread(context()::close);
			closing.start();
			assertThat(request.answer().status()).isEqualTo(503);
			closing.join(BOUND.toMillis());
			assertThat(closing.isAlive()).isFalse();
		}
	}

	/**
	 * Configures short timeouts for bodies.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Impatient {

		@Bean
		BodyReader impatientReader(Admission admission) {
			return new BodyReader(new BodyLimits(admission, 64 << 20,
					new ArrivalLimits(Duration.ofSeconds(20), 16_384, Duration.ofMillis(300))), 2);
		}

	}

}
