package dev.statefun.flink.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the JVMs of a cluster end with the process that has started them.
 */
@Timeout(180)
class ChildJvmIT {

	private static final Duration LIMIT = Duration.ofSeconds(90);

	private static final Duration END = Duration.ofSeconds(10);

	@TempDir
	private Path folder;

	private @Nullable Process program;

	@AfterEach
	void end() {
		if (this.program != null) {
			this.program.destroyForcibly().onExit().join();
		}
	}

	@Test
	void noJvmIsLeftAfterAnInterruptOfTheProcessGroup() throws Exception {
		Process started = start();
		List<ProcessHandle> children = awaitChildren(started, 2);
		awaitStart(started);
		new ProcessBuilder("kill", "-INT", "--", "-" + started.pid()).inheritIO().start().waitFor();
		assertEnded(children);
		assertThat(started.onExit().get().exitValue()).isEqualTo(130);
	}

	@Test
	void noJvmIsLeftAfterTheProgramIsKilled() throws Exception {
		Process started = start();
		List<ProcessHandle> children = awaitChildren(started, 2);
		awaitStart(started);
		started.destroyForcibly();
		assertEnded(children);
	}

	@Test
	void noJvmIsLeftAfterTheProgramIsKilledWhileTheClusterStarts() throws Exception {
		Process started = start();
		List<ProcessHandle> children = awaitChildren(started, 1);
		started.destroyForcibly();
		assertEnded(children);
	}

	private Process start() throws IOException {
		// In a process group of its own. Where the build runs in the background, SIGINT
		// is ignored, which processes inherit
		Process started = new ProcessBuilder("env", "--default-signal=INT", "setsid",
				Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1",
				"-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), ClusterProgram.class.getName(),
				this.folder.toString())
			.redirectErrorStream(true)
			.start();
		this.program = started;
		return started;
	}

	private static List<ProcessHandle> awaitChildren(Process started, int number) {
		await().atMost(LIMIT).until(() -> started.children().count() >= number);
		return started.children().toList();
	}

	private static void awaitStart(Process started) throws IOException {
		BufferedReader lines = started.inputReader();
		String line = lines.readLine();
		StringBuilder output = new StringBuilder();
		while (line != null && !line.equals("started")) {
			output.append(line).append('\n');
			line = lines.readLine();
		}
		assertThat(line).as("start of the program, which printed:%n%s", output).isNotNull();
	}

	private static void assertEnded(List<ProcessHandle> children) {
		await().atMost(END).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
	}

}
