package dev.statefun.flinktests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The checkpoints of one job, which outlive its JVM.
 *
 * @param directory a directory of their own
 */
record Checkpoints(Path directory) {

	private static final String PREFIX = "chk-";

	/**
	 * Store the checkpoints of a job in a directory, which is emptied.
	 * @param directory the directory
	 * @return the checkpoints, none yet
	 */
	static Checkpoints in(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
			return new Checkpoints(Files.createDirectories(directory).toAbsolutePath());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a job from the newest checkpoint of one that was killed. The kill may have
	 * interrupted the writing of a checkpoint, in which case the previous one is used.
	 * Starting from an older one would write records twice.
	 * @param killed the job
	 * @param restored builder of the new job
	 * @param directory directory for its log and files of Flink
	 * @return the running job
	 */
	FlinkStatefunRuntime restore(FlinkStatefunRuntime killed, FlinkStatefunRuntime.Builder restored, Path directory) {
		for (Path checkpoint : newestFirst()) {
			try {
				return restored.restore(checkpoint).start(directory);
			}
			catch (AssertionError ex) {
				if (number(checkpoint) <= killed.lastCheckpoint()) {
					throw ex;
				}
			}
		}
		throw new AssertionError("No checkpoint in " + this.directory);
	}

	/**
	 * Return a checkpoint.
	 * @param number its number
	 * @return its location
	 */
	Path get(long number) {
		List<Path> found = newestFirst().stream().filter((checkpoint) -> number(checkpoint) == number).toList();
		assertThat(found).as("checkpoint %d in %s", number, this.directory).hasSize(1);
		return found.get(0);
	}

	private List<Path> newestFirst() {
		try (Stream<Path> files = Files.walk(this.directory, 2)) {
			return files.filter((file) -> file.getFileName().toString().startsWith(PREFIX))
				.filter((file) -> Files.exists(file.resolve("_metadata")))
				.sorted(Comparator.comparing(Checkpoints::number).reversed())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long number(Path checkpoint) {
		return Long.parseLong(checkpoint.getFileName().toString().substring(PREFIX.length()));
	}

}
