package dev.statefun.flinktests;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests an assumption of the other tests: that a failing job is noticed.
 */
class FlinkStatefunRuntimeIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final URI NOWHERE = URI.create("http://127.0.0.1:9/statefun");

	@ParameterizedTest
	@EnumSource
	void failingJobEndsTheRuntimeAndReportsTheCause(Release release) {
		String module = switch (release) {
			case V3_3_0 -> ModuleYaml.v3(NOWHERE, "async", "test/known");
			case V2_2_2 -> ModuleYaml.v2(NOWHERE, Map.of("test/known", List.of()));
		};
		Path directory = Path.of("target/flink", release + "-failing");
		try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(release, module).start(directory)) {
			runtime.awaitCheckpoints(1, LIMIT);
			runtime.assertRunning();
			runtime.send("test/unknown", "id", "test/message", ByteString.EMPTY);
			await().atMost(LIMIT)
				.untilAsserted(() -> assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::assertRunning)
					.withMessageContaining("failed")
					.withMessageContaining("test, unknown"));
		}
	}

}
