package dev.statefun.flinktests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The {@code module.yaml} that the packaged sample writes.
 */
final class GeneratedModule {

	private GeneratedModule() {
	}

	/**
	 * Make the sample write its file.
	 * @param directory directory for the file and the sample's log; must exist
	 * @param format {@code v2} or {@code v3}
	 * @param arguments further arguments of the sample
	 * @return the text of the file
	 */
	static String write(Path directory, String format, String... arguments) throws IOException, InterruptedException {
		Path module = directory.resolve("generated.yaml").toAbsolutePath();
		Files.deleteIfExists(module);
		Path log = directory.resolve("generating.log");
		List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
				"-XX:MetaspaceSize=128m", "-XX:+UseSerialGC", UnpackedSample.archiveOption(), "-jar",
				UnpackedSample.of(Path.of("target/sample/sample-app.jar")).toString(),
				"--statefun.module.write-to=" + module, "--statefun.module.format=" + format));
		command.addAll(List.of(arguments));
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
