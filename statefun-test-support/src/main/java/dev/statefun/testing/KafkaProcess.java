package dev.statefun.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker in a JVM of its own, that can be killed and started again: port and
 * records stay. Needs {@code spring-kafka-test} on the class path of the test.
 */
public final class KafkaProcess implements AutoCloseable {

	private static final long START_SECONDS = 60;

	private final Path folder;

	private final int port;

	private @Nullable Process process;

	private KafkaProcess(Path folder, int port) {
		this.folder = folder;
		this.port = port;
	}

	/**
	 * Prepare a broker, and don't start it.
	 * @param folder an empty folder for its records and its log
	 * @return the broker
	 * @throws IOException if the folder can't be written to
	 */
	public static KafkaProcess in(Path folder) throws IOException {
		List<Integer> ports = freePorts();
		KafkaProcess broker = new KafkaProcess(folder, ports.get(0));
		Files.createDirectories(folder);
		Files.write(folder.resolve("server.properties"),
				List.of("process.roles=broker,controller", "node.id=1",
						"controller.quorum.voters=1@127.0.0.1:" + ports.get(1),
						"listeners=PLAINTEXT://127.0.0.1:" + ports.get(0) + ",CONTROLLER://127.0.0.1:" + ports.get(1),
						"controller.listener.names=CONTROLLER", "log.dirs=" + folder.resolve("data"),
						"auto.create.topics.enable=false", "num.partitions=2", "offsets.topic.replication.factor=1",
						"offsets.topic.num.partitions=2", "transaction.state.log.replication.factor=1",
						"transaction.state.log.min.isr=1", "transaction.state.log.num.partitions=2",
						"group.initial.rebalance.delay.ms=0", "log.retention.check.interval.ms=1000"));
		Process format = broker.java("format.log", "kafka.tools.StorageTool", "format", "-t", "MkU3OEVBNTcwNTJENDM2Qg",
				"-c", broker.configuration());
		Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
		await(format, "Kafka's folder is not formatted; see " + folder.resolve("format.log"));
		return broker;
	}

	/**
	 * Prepare a broker, and start it.
	 * @param folder an empty folder for its records and its log
	 * @return the running broker
	 * @throws IOException if the folder can't be written to
	 */
	public static KafkaProcess start(Path folder) throws IOException {
		KafkaProcess broker = in(folder);
		broker.start();
		return broker;
	}

	// Both are open at the same time, so they differ
	private static List<Integer> freePorts() throws IOException {
		try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return List.of(one.getLocalPort(), other.getLocalPort());
		}
	}

	private String configuration() {
		return this.folder.resolve("server.properties").toString();
	}

	private Process java(String log, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=128m", "-XX:+UseSerialGC", "-cp",
						System.getProperty("java.class.path")));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.folder.resolve(log).toFile()))
			.start();
	}

	private static void await(Process process, String problem) {
		try {
			if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
				process.destroyForcibly();
				throw new IllegalStateException(problem);
			}
		}
		catch (InterruptedException ex) {
			process.destroyForcibly();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start the broker, and wait until it listens.
	 */
	public void start() {
		try {
			Process process = java("kafka.log", "kafka.Kafka", configuration());
			this.process = process;
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
			while (!isListening()) {
				if (!process.isAlive() || System.nanoTime() - end > 0) {
					close();
					throw new IllegalStateException("Kafka does not start; see " + this.folder.resolve("kafka.log"));
				}
				process.waitFor(100, TimeUnit.MILLISECONDS);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			close();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private boolean isListening() {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 500);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return the address of the broker.
	 * @return host and port
	 */
	public String address() {
		return "127.0.0.1:" + this.port;
	}

	/**
	 * End the JVM at once, without giving it the time to save anything.
	 */
	public void kill() {
		close();
	}

	@Override
	public void close() {
		Process process = this.process;
		if (process != null) {
			try {
				process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
