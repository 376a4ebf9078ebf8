package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for an application on an older Spring Boot that lacks required classes. It runs
 * in a separate JVM with the jars that the build copies.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FormerSpringBootTests {

	private static final Path JARS = Path.of("target", "former-spring-boot");

	@Test
	void startUpFailsWithTheFoundAndRequiredVersions() throws Exception {
		String output = run();
		assertThat(output).doesNotContain("NoClassDefFoundError").doesNotContain("STARTED").contains("""

				***************************
				APPLICATION FAILED TO START
				***************************

				Description:

				The application runs on Spring Boot 4.0.9; stateful functions need Spring Boot 4.1 or newer.

				Action:

				Set the version of Spring Boot to 4.1 or newer: that of the parent 'spring-boot-starter-parent', of \
				the imported 'spring-boot-dependencies', or of the Gradle plugin 'org.springframework.boot'.
				""");
	}

	@Test
	void applicationStartsIfFunctionsAreDisabled() throws Exception {
		assertThat(run("-Dstatefun.enabled=false")).contains("STARTED on 4.0.9");
	}

	private static String run(String... options) throws IOException, InterruptedException {
		String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !Path.of(entry).getFileName().toString().startsWith("spring-"))
			.collect(Collectors.joining(File.pathSeparator, JARS.resolve("*") + File.pathSeparator, ""));
		Process process = new ProcessBuilder(
				Stream
					.of(Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
							"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), Arrays.stream(options),
							Stream.of("-cp", classPath, Application.class.getName()))
					.flatMap((part) -> part)
					.toList())
			.redirectErrorStream(true)
			.start();
		try {
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import(Counting.class)
	public static class Application {

		public static void main(String[] arguments) {
			SpringApplication.run(Application.class, arguments).close();
			System.out.println("STARTED on " + SpringBootVersion.getVersion());
		}

	}

	@StatefulFunction("test/counting")
	static class Counting {

		@Handler
		void on(int message) {
		}

	}

}
