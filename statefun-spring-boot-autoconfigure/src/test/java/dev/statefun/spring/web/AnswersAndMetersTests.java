package dev.statefun.spring.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that meters match the responses to clusters, also for batches that end at their
 * deadline.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class AnswersAndMetersTests {

	private static final int REQUESTS = 4_000;

	private static final Duration BOUND = Duration.ofSeconds(60);

	private static final int BATCH_MILLIS = 40;

	private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

	@Test
	void metersMatchTheAnswersDespiteDisturbances(CapturedOutput output) throws Exception {
		SpringApplication application = new SpringApplication(Service.class);
		application.setDefaultProperties(Map.of("server.address", "127.0.0.1", "server.port", "0",
				"statefun.batch-timeout", BATCH_MILLIS + "ms", "statefun.invocation-timeout", (BATCH_MILLIS - 5) + "ms",
				"statefun.max-in-flight", "6", "statefun.queue-timeout", "5ms"));
		try (ConfigurableApplicationContext context = application.run()) {
			sendAll(Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer()).getPort());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			await().atMost(BOUND)
				.untilAsserted(() -> assertThat(count(meters)).containsExactlyInAnyOrderEntriesOf(this.answers));
			assertThat(this.answers).containsOnlyKeys(200, 429, 500);
			assertThat(this.answers.values()).allSatisfy((count) -> assertThat(count).isGreaterThan(10));
			assertThat(context.getBean(LateBatches.class).count.sum()).isGreaterThan(10);
			assertThat(output).doesNotContain("unexpected reason");
		}
	}

	private void sendAll(int port) throws Exception {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/statefun"))
			.header("Content-Type", "application/octet-stream")
			.timeout(BOUND);
		Semaphore open = new Semaphore(40);
		List<CompletableFuture<?>> all = new ArrayList<>();
		for (int i = 0; i < REQUESTS; i++) {
			open.acquire();
			byte[] body = body(i);
			all.add(client
				.sendAsync(request.copy().POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
						HttpResponse.BodyHandlers.ofByteArray())
				.whenComplete((response, ex) -> open.release())
				.thenAccept((response) -> this.answers.merge(response.statusCode(), 1, Integer::sum)));
		}
		for (CompletableFuture<?> each : all) {
			each.get(60, TimeUnit.SECONDS);
		}
	}

	// Unique ids, so that no request is treated as a second delivery
	private static byte[] body(int number) {
		String id = "id-" + number;
		return switch (number % 10) {
			case 0 -> new byte[] { 1, 2, 3 };
			case 1 -> ClusterRequest.v3("test/unknown", id).message(1).toByteArray();
			case 2 -> ClusterRequest.v3("test/disturbed", id).message(1).toByteArray();
			default -> {
				ClusterRequest request = ClusterRequest.v3("test/disturbed", id).intState("seen", 0);
				for (int i = 0; i <= number % 3; i++) {
					request.message(number);
				}
				yield request.toByteArray();
			}
		};
	}

	// Returns the expected number of responses by status
	private static Map<Integer, Integer> count(MeterRegistry meters) {
		Map<Integer, Integer> answers = new TreeMap<>();
		for (Timer batches : meters.get("statefun.batch").timers()) {
			boolean answered = List.of("replied", "missing-state").contains(batches.getId().getTag("outcome"));
			answers.merge(answered ? 200 : 500, (int) batches.count(), Integer::sum);
		}
		for (Counter rejected : meters.get("statefun.requests.rejected").counters()) {
			boolean unexpected = "unexpected".equals(rejected.getId().getTag("reason"));
			if (rejected.count() > 0) {
				answers.merge(unexpected ? 500 : 429, (int) rejected.count(), Integer::sum);
			}
		}
		return answers;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Disturbed.class, LateBatches.class })
	static class Service {

		@Bean
		SimpleMeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	static class LateBatches implements BatchListener {

		private final LongAdder count = new LongAdder();

		@Override
		public void batchEnded(BatchReport report) {
			Throwable failure = report.failure();
			if (failure != null && failure.getCause() instanceof BatchTimeoutException) {
				this.count.increment();
			}
		}

	}

	@StatefulFunction("test/disturbed")
	static class Disturbed {

		@Handler
		@Nullable CompletionStage<?> on(int number, @Persisted("seen") PersistedValue<Integer> seen, Context context) {
			seen.set(seen.get().orElse(0) + 1);
			long nanos = TimeUnit.MICROSECONDS.toNanos((BATCH_MILLIS - 12) * 1000 + number * 7919 % 20_000);
			return switch (number % 10) {
				case 3 -> throw new IllegalStateException("made to fail");
				case 4 -> CompletableFuture.failedFuture(new IllegalStateException("made to fail"));
				case 5 -> new CompletableFuture<>().completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
				case 6 -> {
					LockSupport.parkNanos(nanos);
					yield null;
				}
				case 7 -> CompletableFuture.runAsync(() -> context.send("test/other", "1", number));
				default -> null;
			};
		}

	}

}
