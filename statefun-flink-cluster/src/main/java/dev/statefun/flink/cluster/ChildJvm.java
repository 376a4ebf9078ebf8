package dev.statefun.flink.cluster;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * JVM of a cluster. It ends with this process.
 */
final class ChildJvm {

	/** Packages that Flink reads by reflection. */
	static final List<String> OPENED = List.of("java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch",
			"java.lang.reflect", "java.text", "java.time", "java.util", "java.util.concurrent",
			"java.util.concurrent.atomic", "java.util.concurrent.locks");

	static final List<String> EXPORTED = List.of("java.base/sun.net.util", "java.rmi/sun.rmi.registry",
			"java.security.jgss/sun.security.krb5");

	private static final int LOG_TAIL = 6000;

	private final String name;

	private final Process process;

	private final Path log;

	private final long started = System.nanoTime();

	private ChildJvm(String name, Process process, Path log) {
		this.name = name;
		this.process = process;
		this.log = log;
	}

	/**
	 * Start a JVM.
	 * @param name its name in messages
	 * @param layout folders of the cluster
	 * @param options options of the JVM
	 * @param program class and arguments of the program
	 * @return the running JVM
	 */
	static ChildJvm start(String name, ClusterLayout layout, List<String> options, List<String> program) {
		List<String> command = new ArrayList<>(List.of(layout.java().toString()));
		// Named by the id of this process, so that the JVM notices its end at any time
		command.add("-javaagent:" + layout.job() + "=" + ProcessHandle.current().pid());
		EXPORTED.forEach((exported) -> command.add("--add-exports=" + exported + "=ALL-UNNAMED"));
		OPENED.forEach((opened) -> command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED"));
		// A cluster for development and tests starts often and runs briefly. The classes
		// of a start would cause two collections of all memory
		command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=128m", "-Xss512k",
				"-Djava.io.tmpdir=" + layout.temporary(), "-Dlog4j2.disable.jmx=true",
				"-Dlog4j.configurationFile=" + layout.logConfiguration().toUri()));
		command.addAll(options);
		command.addAll(List.of("-cp", String.join(File.pathSeparator,
				Stream.concat(Stream.of(layout.job()), layout.jars().stream()).map(Path::toString).toList())));
		command.addAll(program);
		Path log = layout.log(name);
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
		builder.environment().put("FLINK_CONF_DIR", layout.configuration().toString());
		try {
			return new ChildJvm(name, builder.start(), log);
		}
		catch (IOException ex) {
			throw new FlinkClusterException("Could not start the " + name + " with " + layout.java(), ex);
		}
	}

	CompletableFuture<Process> onExit() {
		return this.process.onExit();
	}

	boolean hasRunFor(Duration time) {
		return System.nanoTime() - this.started > time.toNanos();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	void requireAlive() {
		if (!this.process.isAlive()) {
			throw new FlinkClusterException("The " + this.name + " has ended with " + this.process.exitValue()
					+ ". The end of its log, " + this.log + ":\n" + logTail());
		}
	}

	Path log() {
		return this.log;
	}

	/**
	 * Return the end of the log.
	 * @return its last lines
	 */
	String logTail() {
		try (RandomAccessFile file = new RandomAccessFile(this.log.toFile(), "r")) {
			long begin = Math.max(0, file.length() - LOG_TAIL);
			file.seek(begin);
			byte[] tail = new byte[(int) (file.length() - begin)];
			file.readFully(tail);
			return new String(tail, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "(not readable: " + ex + ")";
		}
	}

	/**
	 * End the JVM as {@code kill -9} does.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

}
