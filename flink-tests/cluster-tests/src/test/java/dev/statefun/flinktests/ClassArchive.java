package dev.statefun.flinktests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;

import static org.awaitility.Awaitility.await;

/**
 * The classes of a release as a class data archive, with which a runtime starts in two
 * thirds of the time. A JVM whose class path does not match the archive loads the classes
 * as usual.
 */
final class ClassArchive {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final URI NOWHERE = URI.create("http://127.0.0.1:9/statefun");

	private final Release release;

	private final Path file;

	private ClassArchive(Release release) {
		this.release = release;
		this.file = release.classArchive();
	}

	/**
	 * Return the archive of a release, which is created if it does not exist or is older
	 * than the program.
	 * @param release the release
	 * @return the file
	 */
	static Path of(Release release) {
		ClassArchive archive = new ClassArchive(release);
		// Tests run in several JVMs
		try (FileChannel channel = FileChannel.open(Path.of(archive.file + ".lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			channel.lock();
			if (!archive.isNew()) {
				archive.make();
			}
			return archive.file;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean isNew() throws IOException {
		return Files.exists(this.file) && Files.getLastModifiedTime(this.file)
			.compareTo(Files.getLastModifiedTime(this.release.program())) > 0;
	}

	// Uses a runtime that does a little of everything
	private void make() throws IOException {
		Path directory = Path.of("target/flink", "archive-" + this.release).toAbsolutePath();
		Path unfinished = directory.resolve("classes.jsa");
		Files.deleteIfExists(unfinished);
		try (FlinkStatefunRuntime runtime = FlinkStatefunRuntime.of(this.release, module())
			.start(directory, "-XX:ArchiveClassesAtExit=" + unfinished)) {
			runtime.awaitCheckpoints(1, LIMIT);
			runtime.send("test/known", "id", "test/message", ByteString.EMPTY);
			await("a request").atMost(LIMIT).failFast(runtime::assertRunning).until(() -> runtime.failedRequests() > 0);
		}
		Files.move(unfinished, this.file, StandardCopyOption.REPLACE_EXISTING);
	}

	private String module() {
		return switch (this.release) {
			case V3_3_0 -> ModuleYaml.v3(NOWHERE, "async", "test/known");
			case V2_2_2 -> ModuleYaml.v2(NOWHERE, Map.of("test/known", List.of()));
		};
	}

}
