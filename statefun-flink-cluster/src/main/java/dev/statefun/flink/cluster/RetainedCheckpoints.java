package dev.statefun.flink.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Checkpoints of a job in the folder of the cluster.
 */
final class RetainedCheckpoints {

	private static final String PREFIX = "chk-";

	private static final String METADATA = "_metadata";

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
				.filter((path) -> Files.exists(path.resolve(METADATA)))
				.sorted(Comparator.comparingLong(RetainedCheckpoints::number).reversed())
				.map((path) -> path.toUri().toString())
				.toList();
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The checkpoints in " + own + " can't be read", ex);
		}
	}

	/**
	 * Find the savepoints, and checkpoints of all jobs, that are complete.
	 * @param layout files of the cluster
	 * @return their locations, newest first
	 */
	static List<String> all(ClusterLayout layout) {
		Map<Path, FileTime> snapshots = new HashMap<>();
		try {
			addSnapshots(layout.savepoints(), 2, snapshots);
			addSnapshots(layout.checkpoints(), 3, snapshots);
		}
		catch (IOException ex) {
			throw new FlinkClusterException("The savepoints and checkpoints in " + layout.folder() + " can't be read",
					ex);
		}
		return snapshots.entrySet()
			.stream()
			.sorted(Map.Entry.<Path, FileTime>comparingByValue().reversed())
			.map((snapshot) -> snapshot.getKey().toUri().toString())
			.toList();
	}

	private static void addSnapshots(Path folder, int depth, Map<Path, FileTime> snapshots) throws IOException {
		if (!Files.isDirectory(folder)) {
			return;
		}
		List<Path> complete;
		try (Stream<Path> files = Files.walk(folder, depth)) {
			complete = files.filter((file) -> file.endsWith(METADATA)).toList();
		}
		for (Path metadata : complete) {
			snapshots.put(metadata.getParent(), Files.getLastModifiedTime(metadata));
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
