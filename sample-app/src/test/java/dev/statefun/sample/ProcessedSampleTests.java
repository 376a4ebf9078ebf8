package dev.statefun.sample;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the sample after ahead-of-time processing by the build, in a JVM of its own.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ProcessedSampleTests {

	private static final Path PROCESSED = Path.of("target/processed/classes");

	private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final HttpClient client = HttpClient.newHttpClient();

	@TempDir
	private Path directory;

	private Process process;

	@BeforeAll
	static void buildHasProcessedTheSample() {
		assertThat(PROCESSED.resolve("META-INF/native-image"))
			.as("what 'mvn -pl sample-app -am process-test-classes' makes")
			.isDirectory();
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	@Test
	void requestIsAnsweredAndShownByTheActuator() throws Exception {
		int port = serve();
		assertThat(output()).contains("Starting AOT-processed SampleApplication", "Serving 5 stateful functions");
		HttpResponse<String> reply = post(port, "/statefun");
		assertThat(reply.statusCode()).isEqualTo(200);
		assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
		assertThat(reply.body()).contains("joe", "Hello Joe", "greetings");
		assertThat(get(port, "/actuator/statefun")).contains("CountGreeter.greet(User, PersistedValue, Context)",
				"lambda in CallerConfiguration.handle(Context, Any)", "type.googleapis.com/example.Count");
		assertThat(get(port, "/actuator/statefunmodule")).contains("targets:", "example/count");
		assertThat(get(port, "/actuator/metrics/statefun.batch?tag=outcome:replied"))
			.contains("\"statistic\":\"COUNT\",\"value\":1.0");
	}

	@Test
	void secretThatWasAbsentDuringProcessingIsRequired() throws Exception {
		String secret = "known-at-run-time-only";
		int port = serve("--statefun.security.secret=" + secret);
		assertThat(post(port, "/statefun").statusCode()).isEqualTo(403);
		HttpResponse<String> reply = post(port, "/statefun/" + secret);
		assertThat(reply.statusCode()).isEqualTo(200);
		assertThat(reply.body()).contains("Hello Joe");
	}

	@Test
	void filesAreWrittenInsteadOfServing() throws Exception {
		Path module = this.directory.resolve("module.yaml");
		Path states = this.directory.resolve("states.json");
		start("--statefun.module.format=v3", "--statefun.module.write-to=" + module,
				"--statefun.manifest.write-to=" + states, "--spring.profiles.active=dev");
		assertThat(this.process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(this.process.exitValue()).as(output()).isZero();
		assertThat(module).hasSameTextualContentAs(Path.of("module-v3.yaml"));
		assertThat(states).hasSameTextualContentAs(Path.of("states.json"));
	}

	@Test
	void localRuntimeThatWasNotProcessedFailsTheStartup() throws Exception {
		start("--spring.profiles.active=dev", "--server.port=0");
		assertThat(this.process.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(this.process.exitValue()).isNotZero();
		assertThat(output()).contains("APPLICATION FAILED TO START",
				"'statefun.local-runtime.enabled' is true, but was false when this application was processed");
	}

	private int serve(String... arguments) throws IOException {
		start(Stream.concat(Stream.of("--server.address=127.0.0.1", "--server.port=0"), Arrays.stream(arguments))
			.toArray(String[]::new));
		await().atMost(Duration.ofMinutes(2))
			.until(() -> output().contains("Started SampleApplication in") || !this.process.isAlive());
		Matcher port = PORT.matcher(output());
		assertThat(port.find()).as(output()).isTrue();
		return Integer.parseInt(port.group(1));
	}

	private void start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
						"-XX:TieredStopAtLevel=1", "-XX:MetaspaceSize=128m", "-XX:+UseSerialGC",
						"-Dspring.aot.enabled=true", "-cp", classPath(), SampleApplication.class.getName()));
		command.addAll(List.of(arguments));
		this.process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output.txt").toFile())
			.start();
	}

	// In place of the classes that are not processed
	private static String classPath() {
		List<Path> replaced = List.of(Path.of("target/classes").toAbsolutePath(),
				Path.of("target/test-classes").toAbsolutePath());
		return Stream
			.concat(Stream.of(PROCESSED.toAbsolutePath().toString()),
					Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
						.filter((entry) -> !replaced.contains(Path.of(entry).toAbsolutePath())))
			.collect(Collectors.joining(File.pathSeparator));
	}

	private String output() throws IOException {
		return Files.readString(this.directory.resolve("output.txt"), StandardCharsets.UTF_8);
	}

	private HttpResponse<String> post(int port, String path) throws IOException, InterruptedException {
		return this.client.send(request(port, path).header("Content-Type", "application/octet-stream")
			.POST(BodyPublishers.ofFile(Path.of("requests/count-joe.bin")))
			.build(), BodyHandlers.ofString());
	}

	private String get(int port, String path) throws IOException, InterruptedException {
		return this.client.send(request(port, path).build(), BodyHandlers.ofString()).body();
	}

	private static HttpRequest.Builder request(int port, String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
	}

}
