package dev.statefun.benchmarks.flink;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.fork.JavaCommand;
import dev.statefun.benchmarks.workload.ClusterRequests;
import dev.statefun.benchmarks.workload.Names;

import org.springframework.util.FileSystemUtils;

/**
 * StateFun 3.3.0 in a JVM of its own, with one task slot. Runs the program of the tests
 * on released runtimes, which generates the load and counts the records itself.
 */
final class FlinkProcess implements AutoCloseable {

	private static final Duration START_LIMIT = Duration.ofSeconds(120);

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

	/** Added to a millisecond for each message. */
	private static final Duration LOAD_LIMIT = Duration.ofSeconds(120);

	/** Time within which a surplus record would appear. */
	private static final Duration QUIET = Duration.ofMillis(500);

	private static final int SHOWN_LINES = 30;

	/** Kinds of lines of the runtime that callers wait for. */
	private static final Set<String> KINDS = Set.of("ready", "loaded", "count", "failed", "restarted");

	/** Packages that Flink 1.16 needs opened on JDK 17. */
	private static final List<String> OPENED = List.of("lang", "lang.invoke", "util", "util.concurrent",
			"util.concurrent.atomic", "nio", "net", "io", "time");

	private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

	private final Process process;

	private final BufferedWriter input;

	private final Path folder;

	private long sent;

	private FlinkProcess(Process process, Path folder) {
		this.process = process;
		this.input = process.outputWriter(StandardCharsets.UTF_8);
		this.folder = folder;
	}

	/**
	 * Start a runtime that calls the counter, and wait until its source runs.
	 * @param build directory of the program as built by Maven
	 * @param url address of the counter
	 * @param folder directory for its log and files of Flink
	 * @return the running runtime
	 */
	static FlinkProcess start(Path build, String url, Path folder) throws Exception {
		String classPath = classPath(build);
		Files.createDirectories(temporary(folder));
		Path module = Files.createDirectories(folder.resolve("classes"));
		Files.writeString(module.resolve("module.yaml"), """
				kind: io.statefun.endpoints.v2/http
				spec:
				  functions: %s
				  urlPathTemplate: %s
				  transport: {type: io.statefun.transports.v1/async}
				""".formatted(Names.COUNTER, url));
		// Only the first module.yaml on the class path counts
		Process process = command(module + File.pathSeparator + classPath, temporary(folder)).process()
			.redirectError(log(folder).toFile())
			.start();
		FlinkProcess runtime = new FlinkProcess(process, folder);
		try {
			Thread reader = new Thread(runtime::read, "output of the runtime");
			reader.setDaemon(true);
			reader.start();
			runtime.await("ready", START_LIMIT);
			return runtime;
		}
		catch (Throwable ex) {
			runtime.close();
			throw ex;
		}
	}

	static String classPath(Path build) throws IOException {
		Path classes = build.resolve("classes").toAbsolutePath().normalize();
		Path others = build.resolve("class-path.txt");
		if (!Files.isDirectory(classes) || !Files.isReadable(others)) {
			throw new IllegalStateException("""
					No runtime in %s. Build it with \
					'mvn -pl flink-tests/runtime/v3 -am package -DskipTests', and start this program in the folder of \
					the project or pass --runtime=<path> with the path of flink-tests/runtime/v3/target"""
				.formatted(build.toAbsolutePath().normalize()));
		}
		return classes + File.pathSeparator + Files.readString(others).strip();
	}

	private static JavaCommand command(String classPath, Path temporary) {
		return JavaCommand.with("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch", "-Djava.io.tmpdir=" + temporary)
			.and(OPENED.stream().map((opened) -> "--add-opens=java.base/java." + opened + "=ALL-UNNAMED").toList())
			.run(classPath, "dev.statefun.flinktests.runtime.StatefunRuntime", "--parallelism=1",
					"--count=" + Names.EGRESS, "execution.checkpointing.interval=10s",
					// Checkpoints of 100,000 ids need too much memory in the job
					// manager
					"state.checkpoints.dir=" + temporary.resolve("checkpoints").toUri());
	}

	/**
	 * Send messages to the counter, and wait for a record for each of them.
	 * @param messages number of messages
	 * @param ids number of instances that receive them in turn
	 * @return the time from the first message to the last record
	 */
	Duration load(int messages, int ids) throws Exception {
		this.sent += messages;
		write("load %s %d %d %s %s".formatted(Names.COUNTER, messages, ids, ClusterRequests.INT,
				Base64.getEncoder().encodeToString(ClusterRequests.integer(1))));
		String line = await("loaded", LOAD_LIMIT.plusMillis(messages));
		return Duration.ofNanos(Long.parseLong(line.substring("loaded ".length())));
	}

	/**
	 * Wait for late records, and require one record for each message so far.
	 * @return the counts
	 */
	Counts requireOneRecordForEachMessage() throws Exception {
		TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
		write("count");
		Counts counts = Counts.parse(await("count", ANSWER_LIMIT));
		if (counts.records() != this.sent) {
			throw failure("has counted %d records for %d messages".formatted(counts.records(), this.sent));
		}
		return counts;
	}

	/**
	 * Return the processor time that the runtime has used.
	 * @return the time of all its threads
	 */
	Duration cpu() {
		return this.process.info().totalCpuDuration().orElseThrow(() -> failure("has ended"));
	}

	private void write(String line) {
		try {
			this.input.write(line + "\n");
			this.input.flush();
		}
		catch (IOException ex) {
			throw failure("can't be sent '" + line + "': " + ex.getMessage());
		}
	}

	private String await(String kind, Duration limit) throws InterruptedException {
		String line = this.lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
		if (line == null) {
			throw failure("has not printed '%s' within %d s".formatted(kind, limit.toSeconds()));
		}
		if (!kind(line).equals(kind)) {
			throw failure("has printed '%s' instead of '%s'".formatted(line, kind));
		}
		return line;
	}

	private void read() {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			output.lines().filter((line) -> KINDS.contains(kind(line))).forEach(this.lines::add);
			this.lines.add("end of its output");
		}
		catch (IOException | UncheckedIOException ex) {
			this.lines.add("no output: " + ex.getMessage());
		}
	}

	private static String kind(String line) {
		return line.split(" ", 2)[0];
	}

	private IllegalStateException failure(String what) {
		return new IllegalStateException("The runtime " + what + ". The last lines of " + log(this.folder) + ":\n"
				+ lastLines(log(this.folder)));
	}

	private static String lastLines(Path log) {
		try {
			List<String> all = Files.readAllLines(log);
			return String.join("\n", all.subList(Math.max(0, all.size() - SHOWN_LINES), all.size()));
		}
		catch (IOException ex) {
			return "not readable: " + ex.getMessage();
		}
	}

	private static Path log(Path folder) {
		return folder.resolve("runtime.log");
	}

	private static Path temporary(Path folder) {
		return folder.resolve("tmp");
	}

	@Override
	public void close() throws IOException {
		this.process.destroyForcibly().onExit().orTimeout(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
		// Flink had no time to clean up
		FileSystemUtils.deleteRecursively(temporary(this.folder));
	}

}
