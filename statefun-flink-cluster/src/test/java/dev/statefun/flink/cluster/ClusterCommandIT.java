package dev.statefun.flink.cluster;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ClusterCommand}, in processes of their own that are ended by signals.
 */
@Timeout(480)
class ClusterCommandIT {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final HttpClient http = HttpClient.newHttpClient();

	@TempDir
	private Path folder;

	private CountingService service;

	private Path module;

	private @Nullable Command command;

	@BeforeEach
	void startService() throws Exception {
		this.service = CountingService.start();
		this.module = Files.writeString(this.folder.resolve("module.yaml"),
				this.service.module(FlinkRelease.STATEFUN_3_3));
	}

	@AfterEach
	void end() {
		if (this.command != null) {
			this.command.process.destroyForcibly();
		}
		this.service.close();
	}

	@Test
	void countsGoOnFromTheSavepointOfCtrlC() throws Exception {
		Command first = start("--savepoint=latest");
		assertThat(first.awaitRunning()).anyMatch((line) -> line.endsWith(" yet: a fresh start"));
		assertThat(first.count("a")).isEqualTo("joe 1 a");
		first.signal("INT");
		assertThat(first.awaitEnd()).isZero();
		assertThat(first.lines()).anyMatch((line) -> line.startsWith("Savepoint: file:"));
		Command second = start("--savepoint=latest");
		assertThat(second.awaitRunning())
			.anyMatch((line) -> line.matches("Goes on from file:.*/savepoints/savepoint-.*"));
		assertThat(second.count("b")).isEqualTo("joe 2 b");
		// Nothing answers any more, so there may be no savepoint
		this.service.close();
		second.put("c");
		second.signal("TERM");
		assertThat(second.awaitEnd()).isZero();
		assertThat(second.lines())
			.anyMatch((line) -> line.startsWith("Savepoint: ") || line.startsWith("There is no savepoint: "));
	}

	@Test
	void secondInterruptEndsTheProcessAtOnce() throws Exception {
		Command started = start();
		started.awaitRunning();
		List<ProcessHandle> children = started.process.children().toList();
		this.service.close();
		started.signal("INT");
		started.awaitLine("Taking a savepoint, for up to 20 s. Ctrl-C ends at once");
		started.signal("INT");
		assertThat(started.awaitEnd()).isIn(0, 130);
		await().atMost(Duration.ofSeconds(10)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
	}

	@Test
	void interruptDuringTheStartEndsTheProcess() throws Exception {
		Command started = start();
		await().atMost(LIMIT).until(() -> started.process.children().count() == 2);
		List<ProcessHandle> children = started.process.children().toList();
		started.signal("INT");
		assertThat(started.awaitEnd()).isEqualTo(130);
		await().atMost(Duration.ofSeconds(10)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
	}

	@Test
	void mistakesAreExplained() throws Exception {
		this.command = new Command("--module=" + this.folder.resolve("absent.yaml"));
		assertThat(this.command.awaitEnd()).isEqualTo(2);
		assertThat(this.command.lines()).anyMatch((line) -> line.startsWith("--module: can't read '"));
		this.command = new Command("--module=" + this.module, "--savepoint=latest");
		assertThat(this.command.awaitEnd()).isEqualTo(2);
		assertThat(this.command.lines())
			.contains("--savepoint=latest needs --state-dir, the folder of the earlier run");
		this.command = new Command("--module=" + Files.writeString(this.folder.resolve("text.yaml"), "text"));
		assertThat(this.command.awaitEnd()).isEqualTo(1);
		assertThat(this.command.lines()).singleElement().asString().startsWith("The module has no functions");
	}

	@ParameterizedTest
	@CsvSource({ "--task-managers=0, Found 'taskManagers' 0", "--parallelism=0, Found 'parallelism' 0",
			"--rest-port=70000, Found the port 'restPort' 70000", "--egresses=greetings, Found the egress 'greetings'",
			"--egress-port=-1, Found the port 'egress' -1" })
	void wrongOptionsAreExplained(String option, String explanation) throws Exception {
		this.command = new Command("--module=" + this.module, option);
		assertThat(this.command.awaitEnd()).isEqualTo(2);
		assertThat(this.command.lines().get(0)).startsWith(explanation);
	}

	private Command start(String... more) throws Exception {
		List<String> arguments = new ArrayList<>(
				List.of("--module=" + this.module, "--state-dir=" + this.folder.resolve("state"), "--rest-port=0",
						"--ingress-port=0", "--egress-port=0", "--egresses=" + CountingService.EGRESS));
		arguments.addAll(Arrays.asList(more));
		Command started = new Command(arguments.toArray(String[]::new));
		this.command = started;
		return started;
	}

	/**
	 * The packaged command.
	 */
	private final class Command {

		private final Process process;

		private final Collection<String> lines = Collections.synchronizedList(new ArrayList<>());

		private Command(String... arguments) throws Exception {
			Path jar;
			try (Stream<Path> files = Files.list(Path.of("target"))) {
				jar = files.filter((file) -> file.toString().endsWith("-exec.jar")).findFirst().orElseThrow();
			}
			// Where the build runs in the background, SIGINT is ignored, which processes
			// inherit
			List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT",
					Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1",
					"-XX:MetaspaceSize=128m", "-XX:+UseSerialGC"));
			String repository = System.getProperty("maven.repo.local");
			if (repository != null) {
				line.add("-Dmaven.repo.local=" + repository);
			}
			line.addAll(List.of("-jar", jar.toString()));
			line.addAll(Arrays.asList(arguments));
			this.process = new ProcessBuilder(line).redirectErrorStream(true).start();
			BufferedReader output = this.process.inputReader();
			Thread reader = new Thread(() -> output.lines().forEach(this.lines::add), "output-of-command");
			reader.setDaemon(true);
			reader.start();
		}

		private List<String> lines() {
			synchronized (this.lines) {
				return List.copyOf(this.lines);
			}
		}

		private List<String> awaitRunning() {
			awaitLine("Running. Ctrl-C stops it with a savepoint");
			return lines();
		}

		private void awaitLine(String line) {
			await().atMost(LIMIT)
				.untilAsserted(() -> assertThat(lines().contains(line) || !this.process.isAlive())
					.as(() -> String.join("\n", lines()))
					.isTrue());
			assertThat(lines()).contains(line);
		}

		private int awaitEnd() throws InterruptedException {
			assertThat(this.process.waitFor(60, TimeUnit.SECONDS)).as(() -> String.join("\n", lines())).isTrue();
			return this.process.exitValue();
		}

		private void signal(String name) throws Exception {
			new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO().start().waitFor();
		}

		private String count(String message) throws Exception {
			put(message);
			URI records = URI.create(address("Records:  GET (http://.*)/<topic>") + "/test/counts");
			for (int attempt = 0; attempt < 60; attempt++) {
				HttpResponse<String> record = ClusterCommandIT.this.http.send(HttpRequest.newBuilder(records).build(),
						HttpResponse.BodyHandlers.ofString());
				if (record.statusCode() == 200) {
					// The encoding of the text comes first
					return record.body().substring(record.body().indexOf("joe"));
				}
			}
			throw new AssertionError("No record of " + message + " in\n" + String.join("\n", lines()));
		}

		private void put(String message) throws Exception {
			HttpResponse<String> response = ClusterCommandIT.this.http.send(HttpRequest
				.newBuilder(
						URI.create(address("Messages: PUT (http://.*)/<namespace>/<name>/<id>") + "/test/counter/joe"))
				.header("Content-Type", "text/plain")
				.PUT(HttpRequest.BodyPublishers.ofString(message))
				.build(), HttpResponse.BodyHandlers.ofString());
			assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		}

		private String address(String line) {
			return lines().stream()
				.flatMap((text) -> Pattern.compile(line).matcher(text).results())
				.map((MatchResult match) -> match.group(1))
				.findFirst()
				.orElseThrow();
		}

	}

}
