package dev.statefun.flinktests;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A released StateFun runtime in a JVM of its own, with a source and sinks that the test
 * controls. Unless configured otherwise, its job never restarts: when it fails, the JVM
 * ends, which {@link #assertRunning()} and every wait report with the cause and the log.
 * <p>
 * The JVM ends when its standard input does, so it does not outlive that of the test.
 */
final class FlinkStatefunRuntime implements AutoCloseable {

	private static final Duration START_LIMIT = Duration.ofSeconds(90);

	private static final String[] OPENED = { "lang", "lang.invoke", "util", "util.concurrent", "util.concurrent.atomic",
			"nio", "net", "io", "time" };

	private final Process process;

	private final BufferedWriter input;

	private final Path log;

	private final Path temporary;

	private final Map<String, Consumer<EgressRecord>> egresses;

	private final Map<String, List<EgressRecord>> kept = new HashMap<>();

	private final AtomicLong checkpoints = new AtomicLong();

	private volatile long lastCheckpoint;

	private volatile long failures;

	private volatile boolean ready;

	private final AtomicLong restarts = new AtomicLong();

	private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> end = new CompletableFuture<>();

	private FlinkStatefunRuntime(Process process, Path log, Path temporary, List<String> kept,
			Map<String, Consumer<EgressRecord>> consumed) {
		this.egresses = new HashMap<>(consumed);
		kept.forEach((name) -> {
			List<EgressRecord> records = Collections.synchronizedList(new ArrayList<>());
			this.kept.put(name, records);
			this.egresses.put(name, records::add);
		});
		this.process = process;
		this.input = process.outputWriter(StandardCharsets.UTF_8);
		this.log = log;
		this.temporary = temporary;
	}

	/**
	 * Create a builder for a runtime.
	 * @param release the release
	 * @param moduleYaml the text of its {@code module.yaml}
	 * @return the builder
	 */
	static Builder of(Release release, String moduleYaml) {
		return new Builder(release, moduleYaml);
	}

	/**
	 * Send a message, as an ingress does. Messages arrive in the order sent.
	 * @param function the {@code <namespace>/<name>} of the function
	 * @param id the id of its instance
	 * @param typename the full type name (2.x: the type URL)
	 * @param value the bytes
	 */
	void send(String function, String id, String typename, ByteString value) {
		Base64.Encoder base64 = Base64.getEncoder();
		write("send %s %s %s %s".formatted(function, base64.encodeToString(id.getBytes(StandardCharsets.UTF_8)),
				typename, base64.encodeToString(value.toByteArray())));
	}

	/**
	 * Send many equal messages as fast as the runtime accepts them, and wait until as
	 * many records of counted egresses have arrived as messages of all loads so far.
	 * @param function the {@code <namespace>/<name>} of the function
	 * @param messages the number of messages
	 * @param ids the number of instances that receive them in turn, with ids from 0
	 * @param typename the full type name (2.x: the type URL)
	 * @param value the bytes
	 * @param limit how long to wait
	 * @return the time that the runtime has measured
	 */
	Duration load(String function, int messages, int ids, String typename, ByteString value, Duration limit) {
		String[] parts = ask("load %s %d %d %s %s".formatted(function, messages, ids, typename,
				Base64.getEncoder().encodeToString(value.toByteArray())), "loaded", limit);
		return Duration.ofNanos(Long.parseLong(parts[1]));
	}

	/**
	 * Return the number of records of counted egresses so far.
	 * @param limit how long to wait for the answer
	 * @return the number
	 */
	long countedRecords(Duration limit) {
		return Long.parseLong(ask("count", "count", limit)[1]);
	}

	private String[] ask(String question, String answer, Duration limit) {
		write(question);
		await(answer).atMost(limit).failFast(this::assertRunning).until(() -> !this.answers.isEmpty());
		String[] parts = this.answers.remove().split(" ", -1);
		assertThat(parts[0]).isEqualTo(answer);
		return parts;
	}

	private void write(String line) {
		try {
			this.input.write(line + "\n");
			this.input.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Not sent: " + describe(), ex);
		}
	}

	/**
	 * Return the records of an egress so far. Those of one function instance are in the
	 * order sent.
	 * @param name the {@code <namespace>/<name>} of the egress
	 * @return a copy
	 */
	List<EgressRecord> egress(String name) {
		return List.copyOf(records(name));
	}

	/**
	 * Wait for records of an egress.
	 * @param name the {@code <namespace>/<name>} of the egress
	 * @param count minimum number of records, from the start on
	 * @param limit how long to wait
	 * @return all records present then
	 */
	List<EgressRecord> awaitEgress(String name, int count, Duration limit) {
		List<EgressRecord> records = records(name);
		await("%d records of %s".formatted(count, name)).atMost(limit)
			.pollInterval(Duration.ofMillis(20))
			.failFast(this::assertRunning)
			.untilAsserted(() -> assertThat(records.size()).as(this::describe).isGreaterThanOrEqualTo(count));
		return egress(name);
	}

	/**
	 * Wait until the job has completed checkpoints that began after this call: all but
	 * the first of those that complete.
	 * @param count minimum number of checkpoints
	 * @param limit how long to wait
	 */
	void awaitCheckpoints(int count, Duration limit) {
		long target = this.checkpoints.get() + count + 1;
		await("%d checkpoints".formatted(count)).atMost(limit)
			.failFast(this::assertRunning)
			.untilAsserted(() -> assertThat(this.checkpoints.get()).as(this::describe).isGreaterThanOrEqualTo(target));
	}

	long completedCheckpoints() {
		return this.checkpoints.get();
	}

	/**
	 * Return the number of the newest checkpoint that is known to be complete.
	 * @return the number, or 0 if there is none
	 */
	long lastCheckpoint() {
		return this.lastCheckpoint;
	}

	/**
	 * Return how often the job has restarted: never, unless a restart strategy is
	 * configured.
	 * @return the count
	 */
	long restarts() {
		return this.restarts.get();
	}

	/**
	 * Return how many requests to functions have failed so far, by the runtime's own
	 * metric. With OkHttp it counts those without a response, and not those answered with
	 * 500.
	 * @return the count, at most a second old
	 */
	long failedRequests() {
		return this.failures;
	}

	/**
	 * Kill the runtime with SIGKILL: no checkpoint and no transaction is finished.
	 */
	void kill() {
		Processes.kill(this.process);
	}

	void assertRunning() {
		assertThat(this.process.isAlive()).as(this::describe).isTrue();
	}

	/**
	 * Return the runtime's log.
	 * @return the file
	 */
	Path log() {
		return this.log;
	}

	@Override
	public void close() {
		try {
			this.input.write("stop\n");
			this.input.close();
		}
		catch (IOException ex) {
			// It has already ended
		}
		Processes.end(this.process);
		deleteTemporary();
	}

	// Flink leaves some 35 MB there, as it has no time to clean up
	private void deleteTemporary() {
		try (Stream<Path> files = Files.walk(this.temporary)) {
			files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<EgressRecord> records(String name) {
		List<EgressRecord> records = this.kept.get(name);
		assertThat(records).as("egress %s must be named before the start", name).isNotNull();
		return records;
	}

	private String describe() {
		return "runtime %s, log in %s".formatted(this.process.isAlive() ? "running" : reasonOfEnd(), this.log);
	}

	// The last line may still arrive after the process has ended
	private String reasonOfEnd() {
		return this.end.copy().completeOnTimeout("ended", 5, TimeUnit.SECONDS).join();
	}

	private void readOutput() {
		try (BufferedReader lines = this.process.inputReader(StandardCharsets.UTF_8)) {
			lines.lines().forEach(this::read);
		}
		catch (IOException | UncheckedIOException ex) {
			// The end of the process, seen from here
		}
		this.end.complete("ended without a reason");
	}

	private void read(String line) {
		String[] parts = line.split(" ", -1);
		switch (parts[0]) {
			case "ready" -> this.ready = true;
			case "restarted" -> this.restarts.incrementAndGet();
			case "checkpoint" -> {
				this.lastCheckpoint = Long.parseLong(parts[1]);
				this.checkpoints.incrementAndGet();
			}
			case "loaded", "count" -> this.answers.add(line);
			case "failures" -> this.failures = Long.parseLong(parts[1]);
			case "egress" -> this.egresses.get(parts[1])
				.accept(new EgressRecord(parts[2], ByteString.copyFrom(Base64.getDecoder().decode(parts[3]))));
			default -> this.end.complete(line);
		}
	}

	private void awaitReady() {
		try {
			await("runtime").atMost(START_LIMIT).until(() -> this.ready || !this.process.isAlive());
			assertRunning();
		}
		catch (RuntimeException | AssertionError ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Builder for a {@link FlinkStatefunRuntime}.
	 */
	static final class Builder {

		private final Release release;

		private final String moduleYaml;

		private final List<String> kept = new ArrayList<>();

		private final Map<String, Consumer<EgressRecord>> consumed = new TreeMap<>();

		private final List<String> counted = new ArrayList<>();

		private final Map<String, String> configuration = new TreeMap<>();

		private int parallelism = 2;

		private Builder(Release release, String moduleYaml) {
			this.release = release;
			this.moduleYaml = moduleYaml;
		}

		/**
		 * Keep the records of an egress. Sending to an egress that is not declared makes
		 * the job fail.
		 * @param name its {@code <namespace>/<name>}
		 * @return this
		 */
		Builder egress(String name) {
			this.kept.add(name);
			return this;
		}

		/**
		 * Pass the records of an egress to a consumer, and keep none.
		 * @param name its {@code <namespace>/<name>}
		 * @param consumer receives them one after the other; must not throw
		 * @return this
		 */
		Builder egress(String name, Consumer<EgressRecord> consumer) {
			this.consumed.put(name, consumer);
			return this;
		}

		/**
		 * Count the records of an egress, and keep none.
		 * @param name its {@code <namespace>/<name>}
		 * @return this
		 */
		Builder countedEgress(String name) {
			this.counted.add(name);
			return this;
		}

		Builder parallelism(int parallelism) {
			this.parallelism = parallelism;
			return this;
		}

		/**
		 * Add to Flink's configuration, which otherwise differs from Flink's own defaults
		 * only in {@code execution.checkpointing.interval=1s} and
		 * {@code restart-strategy=none}.
		 * @param key the key
		 * @param value the value
		 * @return this
		 */
		Builder configuration(String key, String value) {
			this.configuration.put(key, value);
			return this;
		}

		/**
		 * Keep the last three checkpoints when the runtime ends.
		 * @param directory directory for the checkpoints
		 * @return this
		 */
		Builder keepCheckpoints(Path directory) {
			// 2.2.2 keeps them in memory unless the backend is named
			return configuration("state.backend", "filesystem")
				.configuration("state.checkpoints.dir", directory.toUri().toString())
				.configuration("state.checkpoints.num-retained", "3")
				.configuration("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
		}

		/**
		 * Restore a checkpoint.
		 * @param checkpoint its location
		 * @return this
		 */
		Builder restore(Path checkpoint) {
			return configuration("execution.savepoint.path", checkpoint.toUri().toString());
		}

		/**
		 * Start the runtime and wait until its source runs.
		 * @param directory directory for the log and files of Flink
		 * @return the running runtime
		 */
		FlinkStatefunRuntime start(Path directory) {
			return start(directory, "-XX:SharedArchiveFile=" + ClassArchive.of(this.release));
		}

		/**
		 * Start the runtime without or with another class archive.
		 * @param directory directory for the log and files of Flink
		 * @param archiveOption option of the JVM that names the archive
		 * @return the running runtime
		 */
		FlinkStatefunRuntime start(Path directory, String archiveOption) {
			try {
				Path home = directory.toAbsolutePath();
				Path temporary = Files.createDirectories(home.resolve("tmp"));
				Path classes = Files.createDirectories(home.resolve("classes"));
				Files.writeString(classes.resolve("module.yaml"), this.moduleYaml);
				Path log = home.resolve("runtime.log");
				Process process = new ProcessBuilder(command(classes, temporary, archiveOption))
					.redirectError(log.toFile())
					.start();
				FlinkStatefunRuntime runtime = new FlinkStatefunRuntime(process, log, temporary, this.kept,
						this.consumed);
				Thread reader = new Thread(runtime::readOutput, "output of " + home.getFileName());
				reader.setDaemon(true);
				reader.start();
				runtime.awaitReady();
				return runtime;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private List<String> command(Path classes, Path temporary, String archiveOption) {
			List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx768m", "-XX:TieredStopAtLevel=1",
					"-XX:MetaspaceSize=128m", "-XX:+UseSerialGC"));
			// Output of the JVM must not mix with the lines that the test reads
			command.addAll(List.of(archiveOption, "-Xlog:disable", "-Xlog:all=error:stderr"));
			for (String opened : OPENED) {
				command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
			}
			command.add("-Djava.io.tmpdir=" + temporary);
			command.add("-cp");
			// A class archive only matches the beginning of the class path, and no jar
			// has a module.yaml
			command.add(this.release.classPath() + File.pathSeparator + classes);
			command.add("dev.statefun.flinktests.runtime.StatefunRuntime");
			command.add("--parallelism=" + this.parallelism);
			this.kept.forEach((name) -> command.add("--egress=" + name));
			this.consumed.keySet().forEach((name) -> command.add("--egress=" + name));
			this.counted.forEach((name) -> command.add("--count=" + name));
			this.configuration.forEach((key, value) -> command.add(key + "=" + value));
			return command;
		}

	}

}
