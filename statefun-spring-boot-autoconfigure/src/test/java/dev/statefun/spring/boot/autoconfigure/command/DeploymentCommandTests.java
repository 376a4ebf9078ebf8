package dev.statefun.spring.boot.autoconfigure.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.statefun.deploy.DeploymentTarget;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the command that writes deployment files.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeploymentCommandTests {

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	// The operator does not run the image of StateFun
	private static final String RUNTIME_IMAGE = "--statefun.deploy.runtime-image=flink-with-statefun:1";

	@TempDir
	private Path directory;

	private int exit = -1;

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "compose | compose.yaml",
					"kubernetes | kustomization.yaml, application.yaml, module.yaml, flink.yaml",
					"flink-operator | kustomization.yaml, application.yaml, module.yaml, flink.yaml",
					"standalone | flink-conf.yaml, log4j2.properties, flink.sh" })
	void filesOfTheTargetAreWrittenAndOthersStay(String target, String names) throws IOException {
		Path folder = Files.createDirectories(this.directory.resolve("a/b"));
		Files.writeString(folder.resolve("own.txt"), "own");
		List<String> expected = new ArrayList<>(List.of(names.split(", ")));
		Files.writeString(folder.resolve(expected.get(0)), "of another program");
		run(target, folder, "--statefun.deploy.image=shop:1", RUNTIME_IMAGE);
		assertThat(this.exit).isZero();
		for (String name : expected) {
			assertThat(folder.resolve(name)).content().isNotEmpty().doesNotContain("of another program");
		}
		expected.add("own.txt");
		assertThat(names(folder)).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(folder.resolve("own.txt")).hasContent("own");
	}

	private static List<String> names(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

	@Test
	void directoryIsCreatedAndUrlIsThatOfTheService() {
		Path folder = this.directory.resolve("new/k8s");
		run("kubernetes", folder, "--statefun.deploy.image=shop:1", "--spring.application.name=My Shop!",
				"--server.port=8081", "--statefun.server.port=9443", "--server.servlet.context-path=/app",
				"--statefun.module.endpoint=http://localhost:8081",
				"--spring.lifecycle.timeout-per-shutdown-phase=20s");
		assertThat(this.exit).isZero();
		assertThat(folder.resolve("module.yaml")).content()
			.contains("urlPathTemplate: http://my-shop:9443/app/statefun");
		assertThat(folder.resolve("application.yaml")).content()
			.contains("terminationGracePeriodSeconds: 55")
			.contains("path: /app/actuator/health/readiness")
			.contains("containerPort: 9443");
	}

	@Test
	void applicationWithoutAnotherServerHasOnlyThePortOfTheEndpoint() {
		run("kubernetes", this.directory, "--statefun.deploy.image=shop:1", "--statefun.deploy.name=cart",
				"--spring.autoconfigure.exclude=", "--spring.main.web-application-type=none", "--server.port=9090",
				"--management.server.port=9091");
		assertThat(this.exit).isZero();
		assertThat(this.directory.resolve("module.yaml")).content()
			.contains("urlPathTemplate: http://cart:9090/statefun");
		assertThat(this.directory.resolve("application.yaml")).content()
			.contains("containerPort: 9090", "name: STATEFUN_SERVER_PORT")
			.doesNotContain("9091", "8080", "name: SERVER_PORT", "httpGet");
	}

	@Test
	void urlWithoutASettingHasThePortOfTheEndpoint() {
		run("compose", this.directory, "--statefun.deploy.image=shop:1", "--statefun.deploy.name=cart",
				"--statefun.server.port=9443");
		assertThat(this.directory.resolve("compose.yaml")).content()
			.contains("urlPathTemplate: http://cart:9443/statefun");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			value = { "--server.ssl.key-store=web.p12 | - | https://cart:8080/statefun",
					"--server.ssl.bundle=web | --server.ssl.enabled=false | http://cart:8080/statefun",
					"--server.ssl.bundle=web | --statefun.server.port=9443 | http://cart:9443/statefun" })
	void urlHasTheTlsOfThePort(String one, @Nullable String two, String url) {
		List<String> arguments = new ArrayList<>(
				List.of("--statefun.deploy.image=shop:1", "--statefun.deploy.name=cart", one));
		if (two != null) {
			arguments.add(two);
		}
		run("compose", this.directory, arguments.toArray(String[]::new));
		assertThat(this.directory.resolve("compose.yaml")).content().contains("urlPathTemplate: " + url + "\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--statefun.deploy.image=shop:1", "--statefun.deploy.runtime-image=" })
	void imageOfStateFunIsRefusedForTheOperator(String argument, CapturedOutput output) {
		runFailing("flink-operator", this.directory, "--statefun.deploy.image=shop:1", argument);
		assertThat(output)
			.contains("Found the image 'apache/flink-statefun:3.3.0' of the runtime 'apache-3.3' for the "
					+ "Flink Kubernetes Operator")
			.contains("set 'statefun.deploy.runtime-image' to it");
		assertThat(this.exit).isEqualTo(2);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void configuredUrlThatOthersReachIsKept() {
		run("compose", this.directory, "--statefun.deploy.image=shop:1",
				"--statefun.module.endpoint=https://gateway.example.com/shop");
		assertThat(this.directory.resolve("compose.yaml")).content()
			.contains("urlPathTemplate: https://gateway.example.com/shop\n");
	}

	@ParameterizedTest
	@CsvSource({ "kafka:9092,", "broker:9093, --statefun.deploy.kafka-address=broker:9093" })
	void composeStartsABrokerUnlessThereIsOne(String address, @Nullable String argument) {
		List<String> arguments = new ArrayList<>(List.of("--statefun.deploy.image=shop:1",
				"--statefun.module.kafka.address=localhost:9092", "--statefun.module.kafka.egresses[0].id=test/out"));
		if (argument != null) {
			arguments.add(argument);
		}
		run("compose", this.directory, arguments.toArray(String[]::new));
		assertThat(this.directory.resolve("compose.yaml")).content().contains("address: " + address + "\n");
		if (argument != null) {
			assertThat(this.directory.resolve("compose.yaml")).content().doesNotContain("apache/kafka");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-",
			value = { "- | true", "--statefun.deploy.kafka-address=broker:9093 | false" })
	void clientOfTheGatewayInComposeUsesTheBrokerOfTheFile(@Nullable String argument, boolean ownBroker)
			throws IOException {
		List<String> arguments = new ArrayList<>(List.of("--statefun.deploy.image=shop:1",
				"--statefun.deploy.name=cart", "--statefun.gateway.enabled=true", "--statefun.gateway.name=shop",
				"--statefun.gateway.kafka.address=localhost:9092"));
		if (argument != null) {
			arguments.add(argument);
		}
		run("compose", this.directory, arguments.toArray(String[]::new));
		String text = Files.readString(this.directory.resolve("compose.yaml"));
		String application = text.substring(text.indexOf("\n  cart:"), text.indexOf("\n  cart-jobmanager:"));
		if (ownBroker) {
			assertThat(application).contains("SPRING_KAFKA_BOOTSTRAP_SERVERS: kafka:9092",
					"    depends_on:\n      kafka:\n        condition: service_healthy\n");
		}
		else {
			assertThat(application).doesNotContain("SPRING_KAFKA_BOOTSTRAP_SERVERS", "depends_on");
		}
		assertThat(text.contains("let 'spring.kafka.bootstrap-servers' of the application be the brokers"))
			.isNotEqualTo(ownBroker);
	}

	@ParameterizedTest
	@EnumSource(DeploymentTarget.class)
	void secretsAreInNoFileAndInNoOutput(DeploymentTarget target, CapturedOutput output) throws IOException {
		run(target.toString(), this.directory, "--statefun.deploy.image=shop:1", RUNTIME_IMAGE,
				"--statefun.security.secret=" + SECRET, "--statefun.module.kafka.address=kafka:9092",
				"--statefun.module.kafka.egresses[0].id=test/out",
				"--statefun.module.kafka.egresses[0].properties.[sasl.jaas.config]=pa55word");
		assertThat(this.exit).isZero();
		StringBuilder all = new StringBuilder(output);
		for (String name : names(this.directory)) {
			all.append(Files.readString(this.directory.resolve(name)));
		}
		assertThat(all.toString()).doesNotContain(SECRET)
			.doesNotContain("pa55word")
			.contains("STATEFUN_SECURITY_SECRET");
	}

	@Test
	void missingImageStopsTheCommand(CapturedOutput output) {
		runFailing("kubernetes", this.directory);
		assertThat(output)
			.contains(
					"Found no 'statefun.deploy.image'; expected the container image of the application, as the target "
							+ "'kubernetes' runs it.")
			.contains("Set 'statefun.deploy.image', for example to 'registry.example.com/application:1.0'.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void invalidNameStopsTheCommand(CapturedOutput output) {
		runFailing("kubernetes", this.directory, "--statefun.deploy.image=shop:1", "--statefun.deploy.name=My Shop");
		assertThat(output)
			.contains("Found a name that is not valid among 'statefun.deploy.*': 'name' is 'My Shop'; expected at most "
					+ "40 lower-case letters, digits and hyphens, starting with a letter.")
			.contains("Correct 'statefun.deploy.name' or 'statefun.deploy.namespace'.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void missingTargetStopsTheCommand(CapturedOutput output) {
		runFailing(List.of("--statefun.deploy.write-to=" + this.directory));
		assertThat(output)
			.contains("Found 'statefun.deploy.write-to' without 'statefun.deploy.target'; expected one of "
					+ "[compose, kubernetes, flink-operator, standalone].");
		assertThat(this.exit).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-" })
	void nameThatIsNoDirectoryStopsTheCommand(String name, CapturedOutput output) {
		runFailing(List.of("--statefun.deploy.write-to=" + name, "--statefun.deploy.target=standalone"));
		assertThat(output).contains("'statefun.deploy.write-to' is '" + name + "', which is no directory.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void directoryThatIsAFileStopsTheCommand(CapturedOutput output) throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		runFailing("standalone", file);
		assertThat(output).contains("'statefun.deploy.write-to': can't write to '" + file + "': ");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void runtimeWithoutHighAvailabilityIsRefusedOnKubernetes(CapturedOutput output) {
		runFailing("kubernetes", this.directory, "--statefun.deploy.image=shop:1",
				"--statefun.module.runtime=apache-2.2");
		assertThat(output).contains("Found the runtime 'apache-2.2' for Kubernetes");
		assertThat(this.exit).isEqualTo(2);
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void deliveryThatTheRuntimeCannotDoIsRefused(CapturedOutput output) {
		runFailing("kubernetes", this.directory, "--statefun.deploy.image=shop:1", "--statefun.module.runtime=kzmlabs",
				"--statefun.module.kafka.address=kafka:9092", "--statefun.module.kafka.egresses[0].id=test/out",
				"--statefun.module.kafka.egresses[0].delivery-semantic=exactly-once",
				"--statefun.module.kafka.egresses[0].transaction-timeout=15m");
		assertThat(output).contains("Found 'exactly-once' of egress 'test/out' for the runtime 'kzmlabs'");
		assertThat(this.exit).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "write-to", "verify" })
	void formatOfAnotherRuntimeStopsTheCommand(String command, CapturedOutput output) {
		runFailing(List.of("--statefun.module." + command + "=" + this.directory.resolve("module.yaml"),
				"--statefun.module.format=v3", "--statefun.module.runtime=apache-2.2"));
		assertThat(output)
			.contains(
					"Found 'statefun.module.format' with 'v3' for the runtime 'apache-2.2'; expected 'v2', as it reads "
							+ "no other form.")
			.contains("Remove 'statefun.module.format', which follows from 'statefun.module.runtime', or correct the "
					+ "runtime.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void formatFollowsFromTheRuntime() {
		Path file = this.directory.resolve("module.yaml");
		runFailing(List.of("--statefun.module.write-to=" + file, "--statefun.module.runtime=apache-2.2"));
		assertThat(this.exit).isZero();
		assertThat(file).content().contains("version: '2.0'");
	}

	private void run(String target, Path folder, String... arguments) {
		runFailing(target, folder, arguments);
	}

	private void runFailing(String target, Path folder, String... arguments) {
		List<String> all = new ArrayList<>(
				List.of("--statefun.deploy.write-to=" + folder, "--statefun.deploy.target=" + target));
		all.addAll(List.of(arguments));
		runFailing(all);
	}

	private void runFailing(List<String> arguments) {
		this.exit = -1;
		SpringApplication application = new SpringApplication(Application.class);
		application.addBootstrapRegistryInitializer(
				(registry) -> registry.register(CommandProcess.class, (context) -> new CommandProcess((status) -> {
					// A process would end here without an exception
					this.exit = (this.exit == -1) ? status : this.exit;
					throw new IllegalStateException("The process ends");
				})));
		try {
			application.run(arguments.toArray(String[]::new)).close();
		}
		catch (RuntimeException ex) {
			return;
		}
		throw new AssertionError("The application has started");
	}

	@EnableAutoConfiguration
	@Import(Counter.class)
	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void count(int number) {
		}

	}

}
