package dev.statefun.flink.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetainedCheckpoints}.
 */
class RetainedCheckpointsTests {

	@TempDir
	private Path folder;

	@Test
	void newestCompleteCheckpointIsFirst() throws Exception {
		Path job = this.folder.resolve("0123");
		for (String name : new String[] { "chk-9", "chk-10", "shared", "chk-8" }) {
			Files.createDirectories(job.resolve(name));
			Files.createFile(job.resolve(name).resolve("_metadata"));
		}
		Files.createDirectories(job.resolve("chk-11"));
		assertThat(RetainedCheckpoints.of(this.folder, "0123"))
			.extracting((location) -> location.replaceAll("/$", "").replaceAll(".*/", ""))
			.containsExactly("chk-10", "chk-9", "chk-8");
		assertThat(RetainedCheckpoints.of(this.folder, "4567")).isEmpty();
	}

	@Test
	void onlyFlinksOwnReadingMakesACheckpointUnreadable() {
		assertThat(RetainedCheckpoints.isUnreadable(new FlinkClusterException("The job is FAILED: java.io.EOFException"
				+ " at org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(Checkpoints.java:108)")))
			.isTrue();
		assertThat(RetainedCheckpoints.isUnreadable(new FlinkClusterException("Waited 90 s for the job to run")))
			.isFalse();
	}

}
