package dev.statefun.flinktests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Released runtimes with the {@code module.yaml} that the packaged sample has written for
 * them.
 */
class GeneratedModuleOnFlinkIT {

	private static final String GREETS = "example/greets";

	private static final Duration LIMIT = Duration.ofSeconds(90);

	@ParameterizedTest
	@CsvSource({ "V3_3_0, v3, async", "V3_3_0, v3, okhttp", "V2_2_2, v2, okhttp" })
	void theWrittenModuleIsUnderstood(Release release, String format, String transport) throws Exception {
		Path directory = Path.of("target/flink/generated-" + format + "-" + transport);
		try (SampleService sample = SampleService.start(directory)) {
			String module = write(directory, sample.endpoint(), format, transport);
			try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, module)
				.egress(GREETS)
				.start(directory)) {
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

	// Without the Kafka that the sample's settings name: its egress is in the hands of
	// the
	// test
	private static String write(Path directory, URI endpoint, String format, String transport)
			throws IOException, InterruptedException {
		Path module = directory.resolve("generated.yaml").toAbsolutePath();
		Files.deleteIfExists(module);
		Path log = directory.resolve("generating.log");
		List<String> command = new ArrayList<>(
				List.of(Processes.java(), "-Xmx256m", "-jar", Path.of("target/sample/sample-app.jar").toString()));
		command.addAll(List.of("--statefun.module.write-to=" + module, "--statefun.module.format=" + format,
				"--statefun.module.transport.type=" + transport,
				"--statefun.module.endpoint=http://" + endpoint.getAuthority(), "--statefun.module.kafka.ingresses=",
				"--statefun.module.kafka.egresses="));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as("status, log in %s", log).isZero();
		}
		finally {
			process.destroyForcibly();
		}
		return Files.readString(module);
	}

}
