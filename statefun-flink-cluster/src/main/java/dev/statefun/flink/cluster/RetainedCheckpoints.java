package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checkpoints of a job in the folder of the cluster.
 */
final class RetainedCheckpoints {

	private static final String PREFIX = "chk-";

	private RetainedCheckpoints() {
	}

	/**
	 * Find the checkpoints of a job that are complete. After a kill the newest one may
	 * not be readable; then there is the one before.
	 * @param folder folder of all checkpoints
	 * @param job id of the job
	 * @return their locations, newest first
	 */
	static List<String> of(Path folder, String job) {
		Path own = folder.resolve(job);
		if (!Files.isDirectory(own)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(own)) {
			return files.filter((path) -> path.getFileName().toString().startsWith(PREFIX))
				.filter((path) -> Files.exists(path.resolve("_metadata")))
				.sorted(Comparator.comparingLong(RetainedCheckpoints::number).reversed())
				.map((path) -> path.toUri().toString())
				.toList();
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The checkpoints in " + own + " can't be read", ex);
		}
	}

	/**
	 * Return whether a job did not start because its checkpoint was not written to the
	 * end.
	 * @param failure failure of the job, with Flink's stack trace
	 * @return whether Flink failed when it read the checkpoint
	 */
	static boolean isUnreadable(FlinkClusterException failure) {
		return String.valueOf(failure.getMessage()).contains("Checkpoints.loadCheckpointMetadata");
	}

	private static long number(Path checkpoint) {
		return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
	}

}
