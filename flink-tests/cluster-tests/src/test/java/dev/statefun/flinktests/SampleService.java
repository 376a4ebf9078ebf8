package dev.statefun.flinktests;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample in a JVM of its own, on a port of its own that it keeps across
 * restarts. It does not outlive the JVM of the test.
 */
final class SampleService implements AutoCloseable {

	private static final Path JAR = Path.of("target/sample/sample-app.jar");

	private static final Path LAUNCHER = Path.of("target/classes");

	private static final Duration START_LIMIT = Duration.ofSeconds(90);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

	private static final int ENDED_BY_SIGTERM = 128 + 15;

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

	private final Path log;

	private final Form form;

	private final List<String> arguments;

	private final int port;

	private Process process;

	private SampleService(Path log, Form form, List<String> arguments, int port) {
		this.log = log;
		this.form = form;
		this.arguments = arguments;
		this.port = port;
	}

	/**
	 * Start the sample and wait until it answers.
	 * @param directory directory for its log
	 * @param arguments arguments of the sample
	 * @return the running sample
	 */
	static SampleService start(Path directory, String... arguments) {
		return start(directory, Form.PACKAGED, arguments);
	}

	/**
	 * Start the sample and wait until it answers.
	 * @param directory directory for its log
	 * @param form how it is run
	 * @param arguments arguments of the sample
	 * @return the running sample
	 */
	static SampleService start(Path directory, Form form, String... arguments) {
		assertThat(JAR).as("the sample's jar, which 'mvn verify' copies").exists();
		try {
			Files.createDirectories(directory);
			SampleService service = new SampleService(directory.resolve("sample.log").toAbsolutePath(), form,
					List.of(arguments), freePort());
			service.start();
			return service;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	URI endpoint() {
		return URI.create("http://127.0.0.1:" + this.port + "/statefun");
	}

	boolean isRunning() {
		return this.process.isAlive();
	}

	/**
	 * Kill the sample with SIGKILL: nothing is flushed, finished or answered.
	 */
	void kill() {
		Processes.kill(this.process);
	}

	/**
	 * Stop the sample with SIGTERM, which allows it to finish its work, and wait until it
	 * has ended.
	 * @return how long that took
	 */
	Duration stop() {
		long begin = System.nanoTime();
		// Process.destroy() would also close its input, which ends it at once
		assertThat(this.process.toHandle().destroy()).isTrue();
		try {
			assertThat(this.process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
				.as("sample ended, log in %s", this.log)
				.isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		assertThat(this.process.exitValue()).as("exit code of the sample, log in %s", this.log)
			.isEqualTo(ENDED_BY_SIGTERM);
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Start it again after its end, on the same port, and wait until it answers.
	 */
	void restart() {
		assertThat(this.process.isAlive()).isFalse();
		try {
			start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		// Nothing in it requires an orderly end
		kill();
	}

	// A fast start matters more here than later speed
	private void start() throws IOException {
		List<String> command = new ArrayList<>(List.of(Processes.java(), "-Xmx256m", "-XX:TieredStopAtLevel=1",
				"-XX:MetaspaceSize=128m", "-XX:+UseSerialGC"));
		command.addAll(this.form.options());
		// A class archive only matches the beginning of the class path
		command.addAll(List.of("-cp", this.form.classPath() + File.pathSeparator + LAUNCHER.toAbsolutePath(),
				"dev.statefun.flinktests.launcher.BoundLauncher", this.form.program(), "--server.address=127.0.0.1",
				this.form.port + this.port));
		command.addAll(this.arguments);
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()))
			.start();
		await("sample").atMost(START_LIMIT)
			.pollInterval(Duration.ofMillis(100))
			.until(() -> answers() || !this.process.isAlive());
		assertThat(this.process.isAlive()).as("sample running, log in %s", this.log).isTrue();
	}

	private boolean answers() throws InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(endpoint().resolve(this.form.probe))
			.timeout(Duration.ofSeconds(5))
			.build();
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == this.form.status;
		}
		catch (IOException ex) {
			return false;
		}
	}

	// Below the ports that systems assign by themselves, which could be given to
	// another process while the sample starts or is dead
	private static int freePort() {
		for (int attempt = 0; attempt < 100; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// In use: try the next one
			}
		}
		throw new IllegalStateException("No free port from 20000 to 29999");
	}

	/**
	 * How the sample is run.
	 */
	enum Form {

		/** The executable jar of the sample, on Tomcat. */
		EXECUTABLE("--server.port=", "/actuator/health", 200) {

			@Override
			String classPath() {
				return JAR.toAbsolutePath().toString();
			}

			@Override
			String program() {
				return JAR.toAbsolutePath().toString();
			}

		},

		/** The packaged sample, unpacked, on Tomcat. */
		PACKAGED("--server.port=", "/actuator/health", 200) {

			@Override
			String classPath() {
				return UnpackedSample.of(JAR).toString();
			}

			@Override
			String program() throws IOException {
				return startClass();
			}

			@Override
			List<String> options() {
				return List.of(UnpackedSample.archiveOption());
			}

		},

		/**
		 * The classes of the sample with the lean starter: on Netty, and without a
		 * servlet container on the class path.
		 */
		LEAN("--statefun.server.port=", "/statefun", 405) {

			@Override
			String classPath() throws IOException {
				return unpacked().toAbsolutePath() + File.pathSeparator
						+ Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
							.filter((entry) -> !entry.contains("test-classes")
									&& !entry.equals(LAUNCHER.toAbsolutePath().toString()))
							.filter((entry) -> !OTHERS.matcher(Path.of(entry).getFileName().toString()).find())
							.collect(Collectors.joining(File.pathSeparator));
			}

			@Override
			String program() throws IOException {
				return startClass();
			}

			private Path unpacked() throws IOException {
				String classes = "BOOT-INF/classes/";
				Path directory = JAR.resolveSibling("classes");
				try (JarFile file = new JarFile(JAR.toFile())) {
					for (JarEntry entry : Collections.list(file.entries())) {
						if (entry.getName().startsWith(classes) && !entry.isDirectory()) {
							Path target = directory.resolve(entry.getName().substring(classes.length()));
							Files.createDirectories(target.getParent());
							Files.copy(file.getInputStream(entry), target, StandardCopyOption.REPLACE_EXISTING);
						}
					}
				}
				return directory;
			}

		};

		/** What the tests have beside the lean starter, as far as it matters. */
		private static final Pattern OTHERS = Pattern
			.compile("tomcat|servlet|webmvc|spring-web-|spring-boot-web-|opentelemetry|tracing");

		private final String port;

		private final String probe;

		private final int status;

		Form(String port, String probe, int status) {
			this.port = port;
			this.probe = probe;
			this.status = status;
		}

		abstract String classPath() throws IOException;

		abstract String program() throws IOException;

		List<String> options() {
			return List.of();
		}

		private static String startClass() throws IOException {
			try (JarFile file = new JarFile(JAR.toFile())) {
				return file.getManifest().getMainAttributes().getValue("Start-Class");
			}
		}

	}

}
