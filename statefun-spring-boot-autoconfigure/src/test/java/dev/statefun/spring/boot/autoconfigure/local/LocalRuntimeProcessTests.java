package dev.statefun.spring.boot.autoconfigure.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.statefun.local.playground.Playground;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeAutoConfigurationTests.Counter;
import dev.statefun.testing.Curl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the local runtime in a separate JVM: one that is killed, one that DevTools
 * restarts, and one that lacks a library.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalRuntimeProcessTests {

	/** What the applications don't use, and start faster without. */
	private static final Pattern OTHERS = Pattern.compile("actuator|health|jetty|kafka|micrometer|netty|opentelemetry|"
			+ "security|servlet|spring-web|tomcat|webmvc");

	private final List<Process> processes = new ArrayList<>();

	@TempDir
	private Path directory;

	@AfterEach
	void endThem() {
		this.processes.forEach(Process::destroyForcibly);
	}

	private BufferedReader start(String without, String main, String... properties) throws IOException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> without.isEmpty() || !entry.contains(without))
			.filter((entry) -> !OTHERS.matcher(Path.of(entry).getFileName().toString()).find())
			.collect(Collectors.joining(File.pathSeparator));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-cp", classPath));
		command.addAll(List.of("-Dstatefun.local-runtime.enabled=true", "-Dstatefun.local-runtime.ingress-port=0",
				"-Dstatefun.local-runtime.egress-port=0", "-Dstatefun.local-runtime.egress-wait=30s",
				"-Dspring.devtools.livereload.enabled=false"));
		command.addAll(List.of(properties));
		command.add(main);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		this.processes.add(process);
		return process.inputReader();
	}

	private static String lineWith(String text, BufferedReader output) throws IOException {
		StringBuilder seen = new StringBuilder();
		for (String line = output.readLine(); line != null; line = output.readLine()) {
			if (line.contains(text)) {
				return line;
			}
			seen.append(line).append('\n');
		}
		throw new AssertionError("No line with '" + text + "' in\n" + seen);
	}

	private static Curl curl(BufferedReader output) throws IOException {
		String[] ports = lineWith("PORTS ", output).split(" ");
		return new Curl(Integer.parseInt(ports[1]), Integer.parseInt(ports[2]));
	}

	@Test
	void statesSurviveAKilledProcess() throws Exception {
		Path file = this.directory.resolve("states.bin");
		String[] properties = { "-Dspring.devtools.restart.enabled=false", "-Dstatefun.local-runtime.snapshot=" + file,
				"-Dstatefun.local-runtime.snapshot-interval=50ms" };
		for (int life = 1; life <= 2; life++) {
			Curl curl = curl(start("", Serving.class.getName(), properties));
			curl.put("/test/count/joe", "text/plain", "one");
			assertThat(curl.get("/counts").body()).isEqualTo("joe " + life);
			int expected = life;
			await().atMost(Duration.ofSeconds(30))
				.until(() -> Files.exists(file)
						&& StatefunLocalRuntimeAutoConfigurationTests.keptCount(file) == expected);
			this.processes.get(life - 1).destroyForcibly().waitFor();
		}
	}

	@Test
	void statesSurviveARestartByDevTools() throws Exception {
		BufferedReader output = start("", Restarting.class.getName());
		assertThat(lineWith("RUN 1", output)).isEqualTo("RUN 1 by RestartClassLoader: joe 1");
		assertThat(lineWith("RUN 2", output)).isEqualTo("RUN 2 by RestartClassLoader: joe 2");
		assertThat(lineWith("RUN 3", output)).isEqualTo("RUN 3 by RestartClassLoader: joe 3");
	}

	@Test
	void withoutProtobufJavaUtilOnlyJsonIsRejected() throws Exception {
		Curl curl = curl(
				start("protobuf-java-util", Serving.class.getName(), "-Dspring.devtools.restart.enabled=false"));
		assertThat(curl.put("/test/count/joe", "application/vnd.io.statefun.types/string+json", "\"one\""))
			.satisfies((response) -> {
				assertThat(response.statusCode()).isEqualTo(501);
				assertThat(response.body()).contains("com.google.protobuf:protobuf-java-util");
			});
		curl.put("/test/count/joe", "text/plain", "one");
		assertThat(curl.get("/counts").body()).isEqualTo("joe 1");
	}

	@EnableAutoConfiguration
	@Import(Counter.class)
	@Configuration(proxyBeanMethods = false)
	static class Application {

		static ConfigurableApplicationContext run() {
			SpringApplication application = new SpringApplication(Application.class);
			application.setWebApplicationType(WebApplicationType.NONE);
			return application.run();
		}

	}

	/**
	 * Application that runs until it is killed. It has no web server; the playground
	 * keeps it alive.
	 */
	public static final class Serving {

		private Serving() {
		}

		public static void main(String[] arguments) {
			Playground playground = Application.run().getBean(Playground.class);
			System.out.println("PORTS " + playground.ingressPort() + " " + playground.egressPort());
		}

	}

	/**
	 * Restarts itself twice, as DevTools does when a class changes.
	 */
	public static final class Restarting {

		private static final String RUNS = "test.runs";

		private Restarting() {
		}

		public static void main(String[] arguments) throws Exception {
			Playground playground = Application.run().getBean(Playground.class);
			int run = Integer.getInteger(RUNS, 0) + 1;
			System.setProperty(RUNS, Integer.toString(run));
			Curl curl = new Curl(playground.ingressPort(), playground.egressPort());
			curl.put("/test/count/joe", "text/plain", "one");
			System.out.println("RUN " + run + " by " + Counter.class.getClassLoader().getClass().getSimpleName() + ": "
					+ curl.get("/counts").body());
			if (run == 3) {
				System.exit(0);
			}
			new Thread(() -> Restarter.getInstance().restart()).start();
		}

	}

}
