package dev.statefun.spring.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * A service in a separate process, with a heap of 128 MB and 10 threads for requests.
 */
final class SlowBodyService implements AutoCloseable {

	private final Process process;

	private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

	private final List<String> log = new CopyOnWriteArrayList<>();

	private final int port;

	private SlowBodyService(EndpointServer server, List<String> options, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
						"-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName(),
				"--server.address=127.0.0.1", "--server.port=0", "--server.tomcat.threads.max=10"));
		server.properties().forEach((property) -> command.add("--" + property));
		command.addAll(arguments);
		this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		BufferedReader lines = this.process.inputReader();
		Thread reader = new Thread(() -> lines.lines().forEach((line) -> {
			this.log.add(line);
			this.output.add(line);
		}), "output-of-service");
		reader.setDaemon(true);
		reader.start();
		try {
			this.port = numberAfter("PORT ");
		}
		catch (AssertionError ex) {
			close();
			throw ex;
		}
	}

	static SlowBodyService start(EndpointServer server, String... arguments) throws IOException {
		return new SlowBodyService(server, List.of("-XX:TieredStopAtLevel=1"), List.of(arguments));
	}

	static SlowBodyService startOptimized(EndpointServer server, String... arguments) throws IOException {
		return new SlowBodyService(server, List.of(), List.of(arguments));
	}

	int port() {
		return this.port;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return the number of server threads that handle a request.
	 */
	int busyThreads() throws IOException {
		return ask("threads", "BUSY ");
	}

	/**
	 * Return the number of bytes that bodies occupy.
	 */
	int bytesInFlight() throws IOException {
		return ask("bytes", "BYTES ");
	}

	/**
	 * Return the used heap after a collection, in KB.
	 */
	int usedHeap() throws IOException {
		return ask("heap", "HEAP ");
	}

	private int ask(String question, String answer) throws IOException {
		this.process.outputWriter().append(question).append('\n').flush();
		return numberAfter(answer);
	}

	private int numberAfter(String start) {
		try {
			for (String line = this.output.poll(30, TimeUnit.SECONDS); line != null; line = this.output.poll(30,
					TimeUnit.SECONDS)) {
				if (line.startsWith(start)) {
					return Integer.parseInt(line.substring(start.length()));
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new AssertionError("No line with '" + start + "' in\n" + String.join("\n", this.log));
	}

	/**
	 * Return the log of the service.
	 */
	List<String> log() {
		return this.log;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * The service.
	 */
	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Echo.class)
	public static class Program {

		public static void main(String[] arguments) throws IOException {
			ConfigurableApplicationContext context = SpringApplication.run(Program.class, arguments);
			Admission admission = context.getBean(Admission.class);
			Environment environment = context.getEnvironment();
			String ownPort = environment.getProperty("local.statefun.port");
			System.out.println(
					"\nPORT " + ((ownPort != null) ? ownPort : environment.getRequiredProperty("local.server.port")));
			StringBuilder question = new StringBuilder();
			for (int next = System.in.read(); next >= 0; next = System.in.read()) {
				if (next != '\n') {
					question.append((char) next);
					continue;
				}
				switch (question.toString()) {
					case "threads" -> System.out.println("\nBUSY " + busy());
					case "bytes" -> System.out.println("\nBYTES " + admission.bytesInFlight());
					default -> {
						System.gc();
						System.out.println(
								"\nHEAP " + (ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10));
					}
				}
				question.setLength(0);
			}
		}

		// Threads inside a request
		private static long busy() {
			return Thread.getAllStackTraces()
				.values()
				.stream()
				.filter((stack) -> Stream.of(stack)
					.anyMatch((frame) -> frame.getClassName().endsWith(".CoyoteAdapter")
							|| frame.getClassName().endsWith(".Http11InputBuffer")
							|| frame.getClassName().endsWith(".netty.BatchRun")))
				.count();
		}

	}

	@StatefulFunction("test/echo")
	static class Echo {

		@Handler
		int on(int message) {
			return message;
		}

	}

}
