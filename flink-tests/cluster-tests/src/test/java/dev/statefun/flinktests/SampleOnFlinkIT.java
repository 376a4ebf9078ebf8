package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the packaged sample behind released runtimes. Each deployment runs one job
 * for all its tests, which use different ids.
 */
@ParameterizedClass
@EnumSource
class SampleOnFlinkIT {

	private static final String GREETS = "example/greets";

	private static final int IDS = 10;

	private static final int MESSAGES = 1_000;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static SampleService sample;

	private static FlinkStatefunRuntime runtime;

	@Parameter
	private Deployment deployment;

	@BeforeAll
	static void startSample() {
		sample = SampleService.start(Path.of("target/flink/sample"), "--sample.reminder-delay=1s");
	}

	@AfterAll
	static void endSample() {
		if (sample != null) {
			sample.close();
		}
	}

	@BeforeParameterizedClassInvocation
	static void startRuntime(Deployment deployment) {
		runtime = FlinkStatefunRuntime.of(deployment.release, deployment.moduleYaml.apply(sample.endpoint()))
			.egress(GREETS)
			.start(Path.of("target/flink", deployment.name()));
	}

	@AfterParameterizedClassInvocation
	static void endRuntime() {
		if (runtime != null) {
			runtime.close();
		}
	}

	// A test that failed between the kill and the restart must not affect the others
	@BeforeEach
	void theSampleRuns() {
		if (!sample.isRunning()) {
			sample.restart();
		}
	}

	@AfterEach
	void theJobDidNotRestart() {
		runtime.assertRunning();
	}

	@Test
	void countsEveryMessageOnceAndInOrder() {
		long begin = System.nanoTime();
		int before = runtime.egress(GREETS).size();
		for (int i = 0; i < MESSAGES; i++) {
			count("plain", i);
		}
		runtime.awaitEgress(GREETS, before + MESSAGES, LIMIT);
		double seconds = secondsSince(begin);
		assertGreetings("plain", before);
		System.out.printf("%s: %d messages in %.1f s%n", this.deployment, MESSAGES, seconds);
	}

	@Test
	void countsEveryMessageOnceAndInOrderWhenTheSampleIsKilledMeanwhile() {
		long begin = System.nanoTime();
		long checkpoints = runtime.completedCheckpoints();
		int before = runtime.egress(GREETS).size();
		AtomicInteger allowed = new AtomicInteger(MESSAGES * 6 / 10);
		AtomicInteger sent = new AtomicInteger();
		ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
		try {
			sender.scheduleAtFixedRate(() -> {
				if (sent.get() < allowed.get()) {
					count("killed", sent.getAndIncrement());
				}
			}, 0, 3, TimeUnit.MILLISECONDS);
			runtime.awaitEgress(GREETS, before + MESSAGES * 3 / 10, LIMIT);
			sample.kill();
			int greeted = runtime.egress(GREETS).size() - before;
			long failed = runtime.failedRequests();
			allowed.set(MESSAGES);
			await("requests that fail").atMost(LIMIT).until(() -> runtime.failedRequests() > failed);
			sample.restart();
			runtime.awaitEgress(GREETS, before + MESSAGES, LIMIT);
			assertThat(greeted).as("greetings before the kill").isLessThanOrEqualTo(MESSAGES * 6 / 10);
			assertThat(runtime.completedCheckpoints()).as("checkpoints").isGreaterThan(checkpoints);
			double seconds = secondsSince(begin);
			assertGreetings("killed", before);
			System.out.printf("%s: %d messages in %.1f s, sample killed after %d greetings, %d requests failed%n",
					this.deployment, MESSAGES, seconds, greeted, runtime.failedRequests() - failed);
		}
		finally {
			sender.shutdownNow();
		}
	}

	@Test
	void functionGreetsForMessagesOfAnotherFunction() {
		int before = runtime.egress(GREETS).size();
		runtime.send("example/caller", "caller", ExampleMessages.ADMIN, ExampleMessages.admin("root"));
		runtime.awaitEgress(GREETS, before + 1, LIMIT);
		assertThat(greetings(before)).containsExactly(Map.entry("user1", List.of("Hello Seth")));
	}

	@Test
	void delayedMessageArrives() {
		int before = runtime.egress(GREETS).size();
		runtime.send("example/reminder", "reminded", ExampleMessages.USER, ExampleMessages.user("reminded", "Ann"));
		runtime.awaitEgress(GREETS, before + 1, LIMIT);
		assertThat(greetings(before)).containsExactly(Map.entry("reminded", List.of("Reminder for Ann")));
	}

	@Test
	void deletedCountStartsAgain() {
		int before = runtime.egress(GREETS).size();
		runtime.send("example/count", "deleted", ExampleMessages.USER, ExampleMessages.user("deleted", "Dora"));
		runtime.send("example/count", "deleted", ExampleMessages.USER, ExampleMessages.user("deleted", "Dora"));
		runtime.send("example/count", "deleted", ExampleMessages.ADMIN, ExampleMessages.admin("root"));
		runtime.send("example/count", "deleted", ExampleMessages.USER, ExampleMessages.user("deleted", "Dora"));
		runtime.awaitEgress(GREETS, before + 3, LIMIT);
		assertThat(greetings(before))
			.containsExactly(Map.entry("deleted", List.of("Hello Dora", "Hello again!", "Hello Dora")));
	}

	private static void count(String run, int message) {
		String id = run + message % IDS;
		runtime.send("example/count", id, ExampleMessages.USER, ExampleMessages.user(id, id));
	}

	private void assertGreetings(String run, int before) {
		// Duplicates and unexpected records would arrive by then
		runtime.awaitCheckpoints(2, LIMIT);
		Map<String, List<String>> expected = new TreeMap<>();
		for (int i = 0; i < IDS; i++) {
			expected.put(run + i, textsOfCounts(run + i, MESSAGES / IDS));
		}
		assertThat(greetings(before)).isEqualTo(expected);
	}

	/**
	 * Return the greetings by their keys.
	 * @param before number of earlier greetings to skip
	 * @return the texts
	 */
	private Map<String, List<String>> greetings(int before) {
		List<EgressRecord> records = runtime.egress(GREETS);
		Map<String, List<String>> texts = new TreeMap<>();
		for (EgressRecord record : records.subList(before, records.size())) {
			assertThat(record.typename()).isEqualTo(this.deployment.release.kafkaRecordTypename());
			KafkaRecord greeting = KafkaRecord.parse(record.value());
			assertThat(greeting.topic()).isEqualTo("greetings");
			texts.computeIfAbsent(greeting.key(), (key) -> new ArrayList<>()).add(greeting.value());
		}
		return texts;
	}

	private static List<String> textsOfCounts(String name, int count) {
		return IntStream.rangeClosed(1, count).mapToObj((seen) -> ExampleMessages.greeting(name, seen)).toList();
	}

	private static double secondsSince(long begin) {
		return (System.nanoTime() - begin) / 1e9;
	}

	/**
	 * The ways in which a runtime reaches the sample.
	 */
	enum Deployment {

		V3_ASYNC(Release.V3_3_0, (endpoint) -> ModuleYaml.v3(endpoint, "async", "example/*")),

		V3_OKHTTP(Release.V3_3_0, (endpoint) -> ModuleYaml.v3(endpoint, "okhttp", "example/*")),

		V2(Release.V2_2_2,
				(endpoint) -> ModuleYaml.v2(endpoint,
						Map.of("example/hello", List.of(), "example/goodbye", List.of(), "example/caller", List.of(),
								"example/count", List.of("count"), "example/reminder", List.of())));

		private final Release release;

		private final Function<URI, String> moduleYaml;

		Deployment(Release release, Function<URI, String> moduleYaml) {
			this.release = release;
			this.moduleYaml = moduleYaml;
		}

	}

}
