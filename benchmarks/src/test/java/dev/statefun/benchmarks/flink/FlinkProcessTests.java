package dev.statefun.benchmarks.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import dev.statefun.flinktests.runtime.StatefunRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link FlinkProcess} with a program that stands in for the runtime.
 */
class FlinkProcessTests {

	@TempDir
	Path folder;

	@Test
	void loadsAreTimedAndALostRecordIsReported() throws Exception {
		try (FlinkProcess runtime = start()) {
			assertThat(runtime.load(20, 4)).isEqualTo(Duration.ofMillis(4));
			assertThat(runtime.load(10, 2)).isEqualTo(Duration.ofMillis(2));
			assertThat(runtime.requireOneRecordForEachMessage()).isEqualTo(new Counts(30, 2, 0));
			runtime.load(3, 1);
			assertThatIllegalStateException().isThrownBy(runtime::requireOneRecordForEachMessage)
				.withMessageContaining("has counted 32 records for 33 messages");
			assertThat(runtime.cpu()).isPositive();
		}
	}

	private FlinkProcess start() throws Exception {
		return FlinkProcess.start(build(), "http://localhost/", this.folder.resolve("runtime"));
	}

	private Path build() throws Exception {
		Path classes = Path.of(StatefunRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Path build = Files.createDirectory(this.folder.resolve("build"));
		Files.createSymbolicLink(build.resolve("classes"), classes);
		Files.writeString(build.resolve("class-path.txt"), "\n");
		return build;
	}

}
