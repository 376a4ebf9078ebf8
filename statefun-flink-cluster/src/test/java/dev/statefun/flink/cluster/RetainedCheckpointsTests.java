package dev.statefun.flink.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

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
	void newestSavepointOrCheckpointOfAllJobsIsFirst() throws Exception {
		ClusterLayout layout = new ClusterLayout(this.folder, List.of(), Path.of("java"));
		assertThat(RetainedCheckpoints.all(layout)).isEmpty();
		Instant time = Instant.parse("2026-11-29T12:00:00Z");
		for (String name : new String[] { "checkpoints/0123/chk-9", "savepoints/savepoint-0123-a",
				"checkpoints/4567/chk-1", "checkpoints/0123/chk-10" }) {
			Path snapshot = Files.createDirectories(this.folder.resolve(name));
			Files.setLastModifiedTime(Files.createFile(snapshot.resolve("_metadata")), FileTime.from(time));
			time = time.plusMillis(1);
		}
		Files.createDirectories(this.folder.resolve("checkpoints/4567/chk-2"));
		assertThat(RetainedCheckpoints.all(layout))
			.extracting((location) -> location.replaceAll("/$", "").replaceAll(".*/", ""))
			.containsExactly("chk-10", "chk-1", "savepoint-0123-a", "chk-9");
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
