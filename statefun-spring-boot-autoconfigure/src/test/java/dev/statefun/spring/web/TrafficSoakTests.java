package dev.statefun.spring.web;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterRequest;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Half an hour of mixed traffic over sockets, on each server: batches that are handled
 * immediately, by stages, slowly or too slowly; that fail, are skipped, or are sent again
 * while they run; for busy instances and by clients that disconnect; garbage, oversized
 * requests, and more requests than may be in flight. Heap, threads and log stay level,
 * and nothing is in flight at the end. Prints its figures.
 */
@Tag("soak")
@ExtendWith(OutputCaptureExtension.class)
class TrafficSoakTests {

	private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("soak.minutes", 30));

	private static final int CLIENTS = 24;

	private static final List<String> PROPERTIES = List.of("statefun.max-in-flight=12",
			"statefun.max-in-flight-bytes=4MB", "statefun.max-request-size=1MB", "statefun.queue-timeout=50ms",
			"statefun.batch-timeout=300ms", "statefun.redelivery.keep=2s", "statefun.redelivery.keep-size=1MB");

	private int port;

	private final Map<String, AtomicLong> answers = new ConcurrentHashMap<>();

	@ParameterizedTest
	@EnumSource
	void resourcesStayLevel(EndpointServer server, CapturedOutput output) throws Exception {
		try (RunningService service = server.start(Functions.class, PROPERTIES)) {
			this.port = server.port(service);
			run(server, service, output);
		}
	}

	private void run(EndpointServer server, RunningService service, CapturedOutput output) throws Exception {
		run(TIME.dividedBy(10));
		long heapBefore = settledHeap(service);
		int threadsBefore = Thread.activeCount();
		int logBefore = output.length();
		this.answers.clear();
		long begin = System.nanoTime();
		run(TIME);
		double minutes = (System.nanoTime() - begin) / 60e9;
		long heapAfter = settledHeap(service);
		int threadsAfter = Thread.activeCount();
		int log = output.length() - logBefore;
		LogFactory.getLog(TrafficSoakTests.class)
			.info(String.format("%s, %.1f minutes: %s; heap %d -> %d KiB, threads %d -> %d, log %d KiB", server,
					minutes, new TreeMap<>(this.answers), heapBefore >> 10, heapAfter >> 10, threadsBefore,
					threadsAfter, log >> 10));
		assertThat(this.answers).containsKeys("200", "429", "500", "left").doesNotContainKeys("400", "404", "503");
		assertThat(heapAfter - heapBefore).isLessThan(8 << 20);
		assertThat(threadsAfter).isLessThanOrEqualTo(threadsBefore + 5);
		assertThat(log).isLessThan((int) (400_000 * (1 + minutes)));
	}

	private static long settledHeap(RunningService service) {
		Admission admission = service.context().getBean(Admission.class);
		Redeliveries redeliveries = service.context().getBean(Redeliveries.class);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(admission).returns(0, Admission::requestsInFlight)
				.returns(0L, Admission::bytesInFlight)
				.returns(0, Admission::requestsWaiting));
		await().atMost(Duration.ofSeconds(30)).until(() -> redeliveries.size() == 0);
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return used;
	}

	private void run(Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				Client client = new Client(new Random(i));
				all.add(clients.submit(() -> {
					while (System.nanoTime() < end) {
						client.sendOne();
					}
					client.close();
					return null;
				}));
			}
			for (Future<?> each : all) {
				each.get(time.toSeconds() + 120, TimeUnit.SECONDS);
			}
		}
		finally {
			clients.shutdownNow();
			clients.awaitTermination(10, TimeUnit.SECONDS);
		}
	}

	private static byte[] request(Random random) {
		String function = "test/" + List.of("quick", "quick", "quick", "staged", "slow", "late", "failing", "skipping")
			.get(random.nextInt(8));
		// Few ids, so that some instances are busy
		String id = "id-" + random.nextInt(50);
		ClusterRequest request = ClusterRequest.of(random.nextBoolean(), function, id).intState("total", 1);
		for (int i = random.nextInt(4); i >= 0; i--) {
			request.message(random.nextInt(3));
		}
		return request.toByteArray();
	}

	/**
	 * Client that keeps a connection like a cluster, and sometimes misbehaves.
	 */
	private final class Client {

		private final Random random;

		private @Nullable RawRequest connection;

		Client(Random random) {
			this.random = random;
		}

		void sendOne() throws IOException {
			byte[] body = request(this.random);
			switch (this.random.nextInt(40)) {
				case 0 -> this.random.nextBytes(body);
				case 1 -> body = new byte[(1 << 20) + 1];
				case 2 -> body = new byte[900_000];
				case 3 -> {
					// Disconnects and sends the same request again
					write(body);
					close();
					count("left");
				}
				default -> {
				}
			}
			try {
				write(body);
				count(readStatus());
			}
			catch (IOException ex) {
				// The server has closed the connection, as it does after some answers
				count("closed");
				close();
			}
		}

		private void write(byte[] body) throws IOException {
			RawRequest open = (this.connection != null) ? this.connection : new RawRequest(TrafficSoakTests.this.port);
			this.connection = open;
			open.head("Content-Length: " + body.length).send(body);
		}

		private String readStatus() throws IOException {
			RawRequest.Answer answer = Objects.requireNonNull(this.connection).answer();
			if (answer.status() < 0) {
				throw new IOException("closed");
			}
			if (answer.isClosing()) {
				close();
			}
			return Integer.toString(answer.status());
		}

		private void count(String answer) {
			TrafficSoakTests.this.answers.computeIfAbsent(answer, (key) -> new AtomicLong()).incrementAndGet();
		}

		void close() throws IOException {
			if (this.connection != null) {
				this.connection.close();
				this.connection = null;
			}
		}

	}

	@StatefulFunction("test/quick")
	static class Quick {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + message);
		}

	}

	@StatefulFunction("test/staged")
	static class Staged {

		@Handler
		CompletionStage<Void> on(int message) {
			return CompletableFuture.runAsync(() -> {
			}, CompletableFuture.delayedExecutor(message, TimeUnit.MILLISECONDS));
		}

	}

	@StatefulFunction("test/slow")
	static class Slow {

		@Handler
		void on(int message) throws InterruptedException {
			TimeUnit.MILLISECONDS.sleep(15L * message);
		}

	}

	/**
	 * Sometimes exceeds the timeout.
	 */
	@StatefulFunction("test/late")
	static class Late {

		@Handler
		CompletionStage<Void> on(int message) {
			return CompletableFuture.runAsync(() -> {
			}, CompletableFuture.delayedExecutor(200L * message, TimeUnit.MILLISECONDS));
		}

	}

	@StatefulFunction("test/failing")
	static class Failing {

		@Handler
		void on(int message) {
			throw new IllegalStateException("no");
		}

	}

	@StatefulFunction(type = "test/skipping", onFailure = OnFailure.SKIP)
	static class Skipping {

		@Handler
		CompletionStage<Void> on(int message) {
			return CompletableFuture.failedFuture(new IllegalStateException("no"));
		}

	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ Quick.class, Staged.class, Slow.class, Late.class, Failing.class, Skipping.class })
	static class Functions {

	}

}
