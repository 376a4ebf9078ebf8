package dev.statefun.sample;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for the sample in a JVM of its own that writes or checks files, and ends.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SampleCommandTests {

	@TempDir
	private Path directory;

	@Test
	void onlyTheModuleIsWrittenToStandardOutput() throws Exception {
		Result result = run("--statefun.module.format=v2", "--statefun.module.write-to=-", "--debug=true");
		assertThat(result.status()).as(result.error()).isZero();
		assertThat(result.output()).isEqualTo(Files.readString(Path.of("module-v2.yaml")));
		assertThat(result.error()).contains("found the URL 'http://localhost:8080/statefun'");
	}

	@Test
	void filesAreWrittenWhileThePortIsInUse() throws Exception {
		Path module = this.directory.resolve("module.yaml");
		Path states = this.directory.resolve("states.json");
		try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Result result = run("--statefun.module.format=v3", "--statefun.module.write-to=" + module,
					"--statefun.manifest.write-to=" + states, "--spring.profiles.active=dev",
					// The files are for the cluster of the packaged jar, which has no
					// gateway
					"--statefun.gateway.enabled=false", "--server.address=127.0.0.1",
					"--server.port=" + busy.getLocalPort(),
					"--statefun.local-runtime.ingress-port=" + busy.getLocalPort());
			assertThat(result.status()).as(result.error()).isZero();
		}
		assertThat(module).hasSameTextualContentAs(Path.of("module-v3.yaml"));
		assertThat(states).hasSameTextualContentAs(Path.of("states.json"));
	}

	@Test
	void wrongFilesEndWithStatus1() throws Exception {
		Path module = Files.writeString(this.directory.resolve("module.yaml"),
				Files.readString(Path.of("module-v2.yaml")).replace("- name: count", "- name: counts"));
		Result result = run("--statefun.module.verify=" + module, "--statefun.manifest.verify=states.json");
		assertThat(result.status()).isOne();
		assertThat(result.output()).contains("function 'example/count': found no state 'count'; expected it")
			.contains(module + ": 1 error, 2 warnings")
			.contains("states.json: 0 errors, 0 other changes");
	}

	@Test
	void fileThatCantBeWrittenOrReadEndsWithStatus2() throws Exception {
		Result result = run("--statefun.module.write-to=" + this.directory.resolve("none/module.yaml"));
		assertThat(result.status()).isEqualTo(2);
		assertThat(result.output()).contains("APPLICATION FAILED TO START").contains("can't write");
		result = run("--statefun.manifest.verify=" + this.directory.resolve("none/states.json"));
		assertThat(result.status()).isEqualTo(2);
		assertThat(result.output()).contains("APPLICATION FAILED TO START").contains("can't read");
	}

	// A limit on the size of files simulates a full disk
	@Test
	@EnabledOnOs(OS.LINUX)
	void fullDiskKeepsTheFormerFile() throws Exception {
		Path module = Files.writeString(this.directory.resolve("module.yaml"), "former");
		Result result = run(List.of("bash", "-c", "ulimit -f 1; exec \"$@\"", "bash"),
				"--statefun.module.write-to=" + module, "--logging.threshold.console=off",
				"--spring.main.banner-mode=off");
		assertThat(module).hasContent("former");
		assertThat(result.status()).isEqualTo(2);
		assertThat(this.directory).isDirectoryNotContaining("glob:**.tmp");
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void fileThatIsMountedByItselfIsNotChanged() throws Exception {
		Path mounted = Files.writeString(this.directory.resolve("mounted"), "former");
		Path module = Files.createFile(this.directory.resolve("module.yaml"));
		List<String> inItsOwnNamespace = List.of("unshare", "-rm", "bash", "-c",
				"mount --bind '" + mounted + "' '" + module + "' && exec \"$@\"", "bash");
		assumeThat(canMount(inItsOwnNamespace)).as("this machine lets users mount files").isTrue();
		Result result = run(inItsOwnNamespace, "--statefun.module.write-to=" + module);
		assertThat(result.status()).isEqualTo(2);
		assertThat(result.output())
			.contains("it can't be replaced as a whole (Device or resource busy), as is the case "
					+ "for a file that is mounted by itself; mount its directory, or write elsewhere and copy.");
		assertThat(mounted).hasContent("former");
		assertThat(this.directory).isDirectoryNotContaining("glob:**.tmp");
	}

	private static boolean canMount(List<String> prefix) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(prefix);
		command.add("true");
		try {
			Process process = new ProcessBuilder(command).redirectOutput(Redirect.DISCARD)
				.redirectError(Redirect.DISCARD)
				.start();
			return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			// There is no such command
			return false;
		}
	}

	private Result run(String... arguments) throws IOException, InterruptedException {
		return run(List.of(), arguments);
	}

	private Result run(List<String> prefix, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(prefix);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=128m", "-XX:+UseSerialGC", "-cp",
				System.getProperty("java.class.path"), SampleApplication.class.getName()));
		command.addAll(List.of(arguments));
		Path output = this.directory.resolve("output.txt");
		Path error = this.directory.resolve("error.txt");
		Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
			.redirectError(error.toFile())
			.start();
		try {
			assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8),
				Files.readString(error, StandardCharsets.UTF_8));
	}

	private record Result(int status, String output, String error) {

	}

}
