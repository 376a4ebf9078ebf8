package dev.statefun.flinktests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The packaged sample, unpacked and with a class data archive, as Spring Boot recommends
 * for production. It starts in half of the time of the executable jar.
 */
final class UnpackedSample {

	private static final Path DIRECTORY = Path.of("target/sample/unpacked").toAbsolutePath();

	private static final Path JAR = DIRECTORY.resolve("sample-app.jar");

	private static final Path ARCHIVE = DIRECTORY.resolve("classes.jsa");

	/** Copied at the end, as the dates of jars do not tell them apart. */
	private static final Path SOURCE = DIRECTORY.resolve("unpacked.jar");

	private UnpackedSample() {
	}

	/**
	 * Return the jar of the unpacked sample, whose manifest names its libraries.
	 * @param packaged the executable jar, which is unpacked if that has not been done
	 * @return the absolute path
	 */
	static Path of(Path packaged) {
		Path lock = DIRECTORY.resolveSibling("unpacked.lock");
		// Tests run in several JVMs
		try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			channel.lock();
			if (!Files.exists(SOURCE) || Files.mismatch(packaged, SOURCE) >= 0) {
				make(packaged);
			}
			return JAR;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the option of a JVM whose class path begins with {@link #of the jar}.
	 * @return the option
	 */
	static String archiveOption() {
		return "-XX:SharedArchiveFile=" + ARCHIVE;
	}

	private static void make(Path packaged) throws IOException {
		Files.createDirectories(DIRECTORY);
		Files.deleteIfExists(SOURCE);
		Files.deleteIfExists(ARCHIVE);
		run("-Djarmode=tools", "-jar", packaged.toString(), "extract", "--force", "--destination",
				DIRECTORY.toString());
		run("-XX:ArchiveClassesAtExit=" + ARCHIVE, "-Dspring.context.exit=onRefresh", "-jar", JAR.toString());
		Files.copy(packaged, SOURCE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static void run(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
				"-XX:MetaspaceSize=128m", "-XX:+UseSerialGC"));
		command.addAll(List.of(arguments));
		Path log = DIRECTORY.resolve("unpacking.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		try {
			assertThat(process.waitFor(3, TimeUnit.MINUTES)).as("ended, log in %s", log).isTrue();
			assertThat(process.exitValue()).as("status, log in %s", log).isZero();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

}
