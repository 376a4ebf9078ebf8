package dev.statefun.flinktests;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.statefun.flink.cluster.FlinkCluster;
import dev.statefun.flink.cluster.FlinkRelease;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Takes savepoints of jobs that read from Kafka and write to it, and resumes them.
 */
@Tag("soak")
@Timeout(300)
class KafkaUpgradeOnClusterIT {

	private static final int KEYS = 20;

	private static final int RECORDS = 400;

	private static final Duration LIMIT = Duration.ofSeconds(90);

	@TempDir
	private Path folder;

	private int sent;

	@ParameterizedTest
	@CsvSource({ "STATEFUN_3_3, v3", "STATEFUN_2_2, v2" })
	void everyRecordIsGreetedOnceOverASavepoint(FlinkRelease release, String format) throws Exception {
		Path directory = Path.of("target/flink/kafka-upgrade-" + format);
		try (KafkaBroker kafka = KafkaBroker.start("names", "greetings");
				SampleService sample = SampleService.start(directory);
				FlinkCluster cluster = FlinkCluster.builder()
					.release(release)
					.folder(this.folder)
					.keepConnectors()
					.start()) {
			cluster.submit(GeneratedModule.write(directory, format,
					"--statefun.module.endpoint=http://" + sample.endpoint().getAuthority(),
					"--statefun.module.kafka.address=" + kafka.address()));
			send(kafka, RECORDS / 2);
			awaitGreetings(kafka, RECORDS / 4);
			String savepoint = cluster.stopWithSavepoint();
			send(kafka, RECORDS / 2);
			cluster.resume(savepoint);
			awaitGreetings(kafka, RECORDS);
			int checkpoints = cluster.checkpoints();
			// Duplicates would be committed by then
			await().atMost(LIMIT).until(cluster::checkpoints, (complete) -> complete > checkpoints + 1);
			assertThat(textsByKey(kafka.committed())).isEqualTo(expected());
			assertThat(cluster.restarts()).isZero();
		}
	}

	private void send(KafkaBroker kafka, int records) {
		for (int i = 0; i < records; i++) {
			String key = "user" + this.sent++ % KEYS;
			kafka.send(key, ExampleMessages.user(key, key));
		}
	}

	private static void awaitGreetings(KafkaBroker kafka, int count) {
		await().atMost(LIMIT).pollInSameThread().until(() -> kafka.committed().size(), (size) -> size >= count);
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

}
