package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.flinktests.SampleService.Form;
import dev.statefun.flinktests.Traffic.End;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests two instances of the sample, which are stopped and started again in turn while a
 * released runtime sends as fast as it can.
 */
class RollingRestartsOnFlinkIT {

	private static final String GREETS = "example/greets";

	private static final int IDS = 20;

	/** Number of messages in flight: enough for batches of some hundreds. */
	private static final int WINDOW = 4_000;

	private static final Set<Integer> ALLOWED = Set.of(200, 429, 503);

	private static final Duration LIMIT = Duration.ofSeconds(90);

	/** Number of times that both instances are restarted in the long run. */
	private static final int ROUNDS = Integer.getInteger("soak.rounds", 10);

	private final List<SampleService> instances = new ArrayList<>();

	private void startInstances(Form form) {
		for (String name : List.of("a", "b")) {
			this.instances.add(SampleService.start(Path.of("target/flink/rolling-sample-" + form + "-" + name), form));
		}
	}

	@AfterEach
	void endInstances() {
		this.instances.forEach(SampleService::close);
	}

	@Test
	void deploysOfBothInstancesAreNotNoticed() {
		startInstances(Form.PACKAGED);
		restartInTurn("async", 1, Rate.GENTLE);
	}

	@Tag("soak")
	@ParameterizedTest
	@CsvSource({ "async, PACKAGED", "okhttp, PACKAGED", "async, LEAN", "okhttp, LEAN" })
	void tenDeploysOfBothInstancesAreNotNoticed(String transport, Form form) {
		startInstances(form);
		restartInTurn(transport, ROUNDS, Rate.FULL);
	}

	private void restartInTurn(String transport, int rounds, Rate whileOneStarts) {
		URI[] endpoints = this.instances.stream().map(SampleService::endpoint).toArray(URI[]::new);
		Semaphore window = new Semaphore(WINDOW);
		Greetings greetings = new Greetings(window::release);
		ExecutorService thread = Executors.newSingleThreadExecutor();
		try (RecordingProxy proxy = RecordingProxy.start(endpoints);
				FlinkStatefunRuntime runtime = FlinkStatefunRuntime
					.of(Release.V3_3_0, ModuleYaml.v3(proxy.endpoint(), transport, "example/*"))
					.egress(GREETS, greetings)
					.start(Path.of("target/flink/rolling-" + transport))) {
			Traffic traffic = proxy.traffic();
			Sender sender = new Sender(runtime, window);
			List<Duration> stops = new ArrayList<>();
			long begin = System.nanoTime();
			try {
				Future<Integer> sent = thread.submit(sender);
				for (int round = 0; round < rounds; round++) {
					for (SampleService instance : this.instances) {
						awaitTraffic(instance, traffic, greetings, runtime);
						stops.add(instance.stop());
						sender.rate = whileOneStarts;
						instance.restart();
						sender.rate = Rate.FULL;
					}
				}
				sender.rate = Rate.NONE;
				int count = sent.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
				await("all greetings").atMost(LIMIT)
					.failFast(runtime::assertRunning)
					.until(() -> greetings.count() >= count);
				// Duplicates and unexpected records would arrive by then
				runtime.awaitCheckpoints(2, LIMIT);
				assertThat(greetings.unexpected()).isEmpty();
				assertThat(greetings.countsById()).isEqualTo(Sender.countsById(count));
				assertNothingWasNoticed(traffic);
			}
			catch (ExecutionException | InterruptedException | TimeoutException ex) {
				throw new IllegalStateException(ex);
			}
			finally {
				System.out.printf("%s: %d greetings in %.1f s, %d stops of %s to %s s, %d requests failed%n%s",
						transport, greetings.count(), (System.nanoTime() - begin) / 1e9, stops.size(),
						seconds(Collections.min(stops)), seconds(Collections.max(stops)), runtime.failedRequests(),
						traffic);
			}
		}
		finally {
			thread.shutdownNow();
		}
	}

	// A stop should hit a busy instance
	private static void awaitTraffic(SampleService instance, Traffic traffic, Greetings greetings,
			FlinkStatefunRuntime runtime) {
		int port = instance.endpoint().getPort();
		long answered = traffic.answeredBy(port);
		long greeted = greetings.count();
		await("traffic of port " + port).atMost(LIMIT)
			.pollInterval(Duration.ofMillis(20))
			.failFast(runtime::assertRunning)
			.until(() -> traffic.answeredBy(port) >= answered + IDS && greetings.count() >= greeted + WINDOW);
	}

	private static void assertNothingWasNoticed(Traffic traffic) {
		assertThat(traffic.statuses().keySet()).as("%n%s", traffic).isSubsetOf(ALLOWED);
		assertThat(traffic.count(End.WITHIN_RESPONSE)).as("%n%s", traffic).isZero();
		assertThat(traffic.count(End.NOT_HTTP)).as("%n%s", traffic).isZero();
		assertThat(traffic.count(End.GIVEN_UP)).as("%n%s", traffic).isZero();
	}

	private static String seconds(Duration duration) {
		return "%.1f".formatted(duration.toMillis() / 1e3);
	}

	private enum Rate {

		/** As fast as messages are handled. */
		FULL,

		/** Gives an instance that starts on the same machine the time to do so. */
		GENTLE,

		NONE

	}

	/**
	 * Sends to all ids in turn as long as there is room in the window.
	 */
	private static final class Sender implements Callable<Integer> {

		private final FlinkStatefunRuntime runtime;

		private final Semaphore window;

		private volatile Rate rate = Rate.FULL;

		private Sender(FlinkStatefunRuntime runtime, Semaphore window) {
			this.runtime = runtime;
			this.window = window;
		}

		// Returns the number of messages sent
		@Override
		public Integer call() throws InterruptedException {
			int sent = 0;
			while (this.rate != Rate.NONE) {
				if (this.rate == Rate.GENTLE) {
					TimeUnit.MILLISECONDS.sleep(10);
				}
				this.window.acquire();
				String id = id(sent);
				this.runtime.send("example/count", id, ExampleMessages.USER, ExampleMessages.user(id, id));
				sent++;
			}
			return sent;
		}

		private static String id(int message) {
			return "rolling" + message % IDS;
		}

		private static Map<String, Integer> countsById(int sent) {
			return IntStream.range(0, IDS)
				.boxed()
				.collect(Collectors.toMap(Sender::id, (i) -> (sent - i + IDS - 1) / IDS));
		}

	}

}
