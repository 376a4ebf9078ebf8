package dev.statefun.flinktests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests released runtimes with the {@code module.yaml} that the packaged sample has
 * written for them.
 */
class GeneratedModuleOnFlinkIT {

	private static final String GREETS = "example/greets";

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static SampleService sample;

	@BeforeAll
	static void startSample() {
		sample = SampleService.start(Path.of("target/flink/generated"), SampleService.Form.EXECUTABLE);
	}

	@AfterAll
	static void endSample() {
		if (sample != null) {
			sample.close();
		}
	}

	@ParameterizedTest
	@CsvSource({ "V3_3_0, v3, async", "V3_3_0, v3, okhttp", "V2_2_2, v2, okhttp" })
	void generatedModuleIsUnderstood(Release release, String format, String transport) throws Exception {
		Path directory = Files.createDirectories(Path.of("target/flink/generated-" + format + "-" + transport));
		// Without the Kafka settings of the sample: the test reads its egress directly
		String module = GeneratedModule.write(directory, format, "--statefun.module.transport.type=" + transport,
				"--statefun.module.endpoint=http://" + sample.endpoint().getAuthority(),
				"--statefun.module.kafka.ingresses=", "--statefun.module.kafka.egresses=");
		try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, module).egress(GREETS).start(directory)) {
			for (int i = 0; i < 3; i++) {
				runtime.send("example/count", "ann", ExampleMessages.USER, ExampleMessages.user("ann", "Ann"));
			}
			List<String> texts = runtime.awaitEgress(GREETS, 3, LIMIT)
				.stream()
				.map((record) -> KafkaRecord.parse(record.value()).value())
				.toList();
			assertThat(texts).containsExactly("Hello Ann", "Hello again!", "Third time's the charm");
			runtime.assertRunning();
		}
	}

}
