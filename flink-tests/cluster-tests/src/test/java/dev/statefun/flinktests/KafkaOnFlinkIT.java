package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests released runtimes with the {@code module.yaml} that the packaged sample has
 * written for them, from Kafka to Kafka: its ingress and its exactly-once egress are
 * those of the runtime.
 */
class KafkaOnFlinkIT {

	private static final int KEYS = 20;

	private static final int RECORDS = 1_000;

	private static final int RECORDS_BEFORE_THE_START = 300;

	private static final int RECORDS_BEFORE_THE_KILL = 700;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static SampleService sample;

	@BeforeAll
	static void startSample() {
		sample = SampleService.start(Path.of("target/flink/kafka"));
	}

	@AfterAll
	static void endSample() {
		if (sample != null) {
			sample.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "V3_3_0, v3", "V2_2_2, v2" })
	void everyRecordIsGreetedOnceAlthoughTheRuntimeIsKilled(Release release, String format) throws Exception {
		Path directory = Files.createDirectories(Path.of("target/flink/kafka-" + format));
		Checkpoints checkpoints = Checkpoints.in(directory.resolve("checkpoints"));
		AtomicInteger sent = new AtomicInteger();
		AtomicInteger allowed = new AtomicInteger(RECORDS_BEFORE_THE_KILL);
		ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
		try (KafkaBroker kafka = KafkaBroker.start("names", "greetings")) {
			String module = module(directory, format, sample.endpoint(), kafka.address());
			while (sent.get() < RECORDS_BEFORE_THE_START) {
				send(kafka, sent.getAndIncrement());
			}
			long begin = System.nanoTime();
			FlinkStatefunRuntime killed = describe(release, module, checkpoints).start(directory.resolve("killed"));
			try (killed) {
				awaitGreetings(kafka, killed, 1);
				sender.scheduleAtFixedRate(() -> {
					if (sent.get() < allowed.get()) {
						send(kafka, sent.getAndIncrement());
					}
				}, 0, 5, TimeUnit.MILLISECONDS);
				awaitGreetings(kafka, killed, RECORDS_BEFORE_THE_START + 1);
				killed.kill();
			}
			double untilKill = secondsSince(begin);
			int sentUntilKill = sent.get();
			allowed.set(RECORDS);
			int greeted = kafka.committed().size();
			assertThat(greeted).as("greetings before the kill").isBetween(1, RECORDS_BEFORE_THE_KILL);
			try (FlinkStatefunRuntime restored = checkpoints.restore(killed, describe(release, module, checkpoints),
					directory.resolve("restored"))) {
				awaitGreetings(kafka, restored, RECORDS);
				double untilLast = secondsSince(begin);
				// Duplicates would be committed by then
				restored.awaitCheckpoints(2, LIMIT);
				assertThat(textsByKey(kafka.committed())).isEqualTo(expected());
				assertThat(kafka.committed()).hasSize(RECORDS);
				System.out.printf(
						"%s: %d records in %.1f s, runtime killed after %.1f s, %d records and %d greetings%n", release,
						RECORDS, untilLast, untilKill, sentUntilKill, greeted);
			}
		}
		finally {
			sender.shutdownNow();
		}
	}

	// As checked in with the sample, except for the two addresses
	private static String module(Path directory, String format, URI endpoint, String kafka) throws Exception {
		String module = GeneratedModule.write(directory, format,
				"--statefun.module.endpoint=http://" + endpoint.getAuthority(),
				"--statefun.module.kafka.address=" + kafka);
		assertThat(module.replace(endpoint.getAuthority(), "localhost:8080").replace(kafka, "localhost:9092"))
			.isEqualTo(Files.readString(Path.of("../../sample-app/module-" + format + ".yaml")));
		return module;
	}

	private static FlinkStatefunRuntime.Builder describe(Release release, String module, Checkpoints checkpoints) {
		return FlinkStatefunRuntime.of(release, module).keepCheckpoints(checkpoints.directory());
	}

	private static void send(KafkaBroker kafka, int number) {
		String key = "user" + number % KEYS;
		kafka.send(key, ExampleMessages.user(key, key));
	}

	private static void awaitGreetings(KafkaBroker kafka, FlinkStatefunRuntime runtime, int count) {
		await("%d greetings".formatted(count)).atMost(LIMIT)
			.pollInSameThread()
			.failFast(runtime::assertRunning)
			.untilAsserted(() -> assertThat(kafka.committed().size()).as("greetings, log in %s", runtime.log())
				.isGreaterThanOrEqualTo(count));
	}

	private static Map<String, List<String>> textsByKey(List<KafkaRecord> records) {
		return records.stream()
			.collect(Collectors.groupingBy(KafkaRecord::key, TreeMap::new,
					Collectors.mapping(KafkaRecord::value, Collectors.toList())));
	}

	private static Map<String, List<String>> expected() {
		return IntStream.range(0, KEYS)
			.mapToObj((key) -> "user" + key)
			.collect(Collectors.toMap((key) -> key,
					(key) -> IntStream.rangeClosed(1, RECORDS / KEYS)
						.mapToObj((seen) -> ExampleMessages.greeting(key, seen))
						.toList()));
	}

	private static double secondsSince(long begin) {
		return (System.nanoTime() - begin) / 1e9;
	}

}
