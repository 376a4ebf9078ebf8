package dev.statefun.spring.boot.autoconfigure.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.SourceContext;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for commands that write or verify a file instead of serving functions.
 */
@ExtendWith(OutputCaptureExtension.class)
class CommandTests {

	private static final AtomicBoolean touched = new AtomicBoolean();

	@TempDir
	private Path directory;

	private final PrintStream output = System.out;

	private int exit = -1;

	@BeforeEach
	void nothingIsTouchedYet() {
		touched.set(false);
	}

	@AfterEach
	void restoreOutput() {
		System.setOut(this.output);
	}

	@Test
	void moduleIsWrittenAndNothingElseHappens() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			run("--statefun.module.format=v2", "--statefun.module.write-to=" + file, "--server.address=127.0.0.1",
					"--server.port=" + busy.getLocalPort(), "--server.servlet.context-path=/app",
					"--spring.mvc.servlet.path=/mvc", "--statefun.module.endpoint=http://cart:8080",
					"--statefun.local-runtime.enabled=true", "--statefun.local-runtime.ingress-port=0",
					"--statefun.local-runtime.egress-port=0");
		}
		assertThat(this.exit).isZero();
		assertThat(Files.readString(file)).contains("endpoint: http://cart:8080/app/mvc/statefun")
			.contains("- name: total");
		assertThat(touched).isFalse();
	}

	@Test
	void moduleHasFormat3ByDefault() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080");
		assertThat(this.exit).isZero();
		assertThat(Files.readString(file)).contains("kind: io.statefun.endpoints.v2/http")
			.contains("urlPathTemplate: http://cart:8080/statefun");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"--server.port=9090 | --statefun.server.engine=auto | http://localhost:9090/app/statefun",
			"--spring.main.web-application-type=none | --statefun.enabled=true | http://localhost:8080/statefun",
			"--spring.main.web-application-type=none | --server.port=9090 | http://localhost:9090/statefun",
			"--spring.main.web-application-type=none | --server.ssl.bundle=web | http://localhost:8080/statefun",
			"--spring.main.web-application-type=reactive | --statefun.server.port=9000 | http://localhost:9000/statefun",
			"--statefun.server.engine=netty | --statefun.server.port=9000 | http://localhost:9000/statefun" })
	void urlIsThatOfTheServerWithNettyOnTheClassPath(String one, String two, String url) throws Exception {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--spring.autoconfigure.exclude=",
				"--server.servlet.context-path=/app", one, two);
		assertThat(this.exit).isZero();
		assertThat(Files.readString(file)).contains("urlPathTemplate: " + url + "\n");
	}

	@Test
	void descriptorsOfMessagesAreWritten() throws Exception {
		Path file = this.directory.resolve("messages.desc");
		run("--statefun.module.write-descriptors-to=" + file);
		assertThat(this.exit).isZero();
		assertThat(FileDescriptorSet.parseFrom(Files.readAllBytes(file)).getFileList())
			.extracting(FileDescriptorProto::getName)
			.containsExactly("google/protobuf/source_context.proto");
		assertThat(touched).isFalse();
	}

	@Test
	void standardOutputContainsOnlyTheFile() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
		run("--statefun.module.write-to=-", "--statefun.module.endpoint=http://cärt:8080");
		assertThat(this.exit).isZero();
		// DevTools logs before there is an environment; it is in no packaged application
		String text = bytes.toString(StandardCharsets.UTF_8)
			.lines()
			.filter((line) -> !line.contains("RestartApplicationListener"))
			.collect(Collectors.joining("\n", "", "\n"));
		assertThat(text).startsWith("# Written by the application")
			.contains("http://cärt:8080/statefun")
			.endsWith("payload_max_bytes: 33554432\n");
	}

	@Test
	void missingEndpointIsReported(CapturedOutput output) {
		run("--statefun.module.write-to=" + this.directory.resolve("module.yaml"), "--server.port=9090");
		assertThat(this.exit).isZero();
		assertThat(output.getErr()).contains("WARNING at line 4, document 1 (io.statefun.endpoints.v2/http)")
			.contains("found the URL 'http://localhost:9090/statefun'; expected a host that the cluster can reach");
	}

	@Test
	void secretIsWrittenOnlyToTheFile(CapturedOutput output) throws Exception {
		String secret = "q7Rk2vXw-0123456789.abcdef~";
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.security.secret=" + secret,
				"--statefun.server.port=9443");
		assertThat(this.exit).isZero();
		assertThat(Files.readString(file)).contains("urlPathTemplate: http://localhost:9443/statefun/" + secret + "\n");
		assertThat(output).contains("found the URL 'http://localhost:9443/statefun/******'").doesNotContain(secret);
		run("--statefun.module.verify=" + file);
		assertThat(this.exit).isOne();
		assertThat(output).contains("as 'statefun.security.secret' is not set here");
		runFailing("--statefun.module.verify=" + file, "--statefun.security.secret=" + secret, "--statefun.path=/");
		assertThat(output).contains("the whole application would lie behind the secret");
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void moduleWithASecretIsReadableOnlyByItsOwner() throws Exception {
		Path file = this.directory.resolve("module.yaml");
		Path usual = Files.createFile(this.directory.resolve("usual"));
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080");
		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080",
				"--statefun.security.secret=q7Rk2vXw-0123456789.abcdef~");
		assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
	}

	@Test
	@EnabledOnOs({ OS.LINUX, OS.MAC })
	void symbolicLinkIsRefused(CapturedOutput output) throws Exception {
		Path target = Files.writeString(this.directory.resolve("target"), "precious");
		Path file = Files.createSymbolicLink(this.directory.resolve("module.yaml"), target);
		runFailing("--statefun.module.write-to=" + file);
		assertThat(output).contains("can't write '" + file + "': java.io.IOException: it is a symbolic link to '"
				+ target + "'; give the file that it leads to.");
		assertThat(this.exit).isEqualTo(2);
		assertThat(target).hasContent("precious");
	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.module.write-to", "statefun.module.write-descriptors-to",
			"statefun.module.verify", "statefun.manifest.write-to", "statefun.manifest.verify" })
	void emptyFileNameStopsTheStartUp(String property, CapturedOutput output) {
		runFailing("--" + property + "=");
		assertThat(output).contains("'" + property + "' is empty.")
			.contains("Give a file, or remove the property to start the application.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void unwritableFileStopsTheStartUp(CapturedOutput output) {
		Path file = this.directory.resolve("none/module.yaml");
		assertThat(runFailing("--statefun.module.write-to=" + file)).hasMessageContaining("can't write '" + file + "'");
		assertThat(output).contains("'statefun.module.write-to': can't write '" + file + "': ")
			.contains("Give a file in a directory that exists and may be written to, or '-' for the standard output.");
		assertThat(this.exit).isEqualTo(2);
		runFailing("--statefun.manifest.write-to=" + file);
		assertThat(output).contains("'statefun.manifest.write-to': can't write '" + file + "': ");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void earlierFailureAlsoEndsWithStatus2(CapturedOutput output) {
		runFailing("--statefun.module.write-to=-", "--spring.main.sources=classpath:none.xml");
		assertThat(output).contains("Application run failed").contains("none.xml");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void brokenOutputIsReportedAsFailure(CapturedOutput output) {
		System.setOut(new PrintStream(new OutputStream() {

			@Override
			public void write(int b) throws IOException {
				throw new IOException("No space left on device");
			}

		}));
		runFailing("--statefun.module.write-to=-");
		assertThat(output.getErr()).contains("'statefun.module.write-to': can't write to standard output.")
			.contains("Give a file, or let the output go where there is room.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void fileWrittenWithAnErrorEndsWithStatus1(CapturedOutput output) {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080",
				"--statefun.failure.dead-letter.egress=ops/dlq");
		assertThat(this.exit).isOne();
		assertThat(file).exists();
		assertThat(output.getErr()).contains("ERROR at the file: found no egress 'ops/dlq'; expected it, as "
				+ "'statefun.failure.dead-letter' sends to it and a record for it fails the job. Add the egress.");
	}

	@Test
	void fileThatIsNotAModuleEndsWithStatus2(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("module.yaml"), "a: [");
		run("--statefun.module.verify=" + file);
		assertThat(this.exit).isEqualTo(2);
		assertThat(output.getOut()).contains("ERROR at line 1: found no YAML: ")
			.contains(file + ": 1 error, 0 warnings");
	}

	@Test
	void correctModulePassesVerification(CapturedOutput output) {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080",
				"--statefun.module.format=v2");
		run("--statefun.module.verify=" + file);
		assertThat(this.exit).isZero();
		assertThat(output.getOut()).contains(file + ": 0 errors, 0 warnings");
		assertThat(touched).isFalse();
	}

	@Test
	void incorrectModuleFailsVerification(CapturedOutput output) throws Exception {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://localhost:8080");
		Files.writeString(file, Files.readString(file).replace("test/db", "test/other"));
		run("--statefun.module.verify=" + file, "--statefun.failure.dead-letter.egress=ops/dlq",
				"--statefun.local-runtime.egresses=ops/out,io.statefun.playground/egress");
		assertThat(this.exit).isOne();
		assertThat(output.getOut()).contains("ERROR at the file: found no function 'test/db'")
			.contains("ERROR at the file: found no egress 'ops/dlq'; expected it, as 'statefun.failure.dead-letter' "
					+ "sends to it")
			.contains("ERROR at the file: found no egress 'ops/out'; expected it, as 'statefun.local-runtime.egresses' "
					+ "has it, so a function sends to it")
			.contains(file + ": 4 errors, 1 warning");
	}

	@Test
	void configuredFormatIsVerified(CapturedOutput output) {
		Path file = this.directory.resolve("module.yaml");
		run("--statefun.module.write-to=" + file, "--statefun.module.endpoint=http://cart:8080",
				"--statefun.module.format=v2");
		run("--statefun.module.verify=" + file, "--statefun.module.format=v3");
		assertThat(this.exit).isOne();
		assertThat(output.getOut()).contains("as clusters of 3.1 and later refuse this");
	}

	@Test
	void missingFileStopsTheStartUp(CapturedOutput output) {
		Path file = this.directory.resolve("none.yaml");
		runFailing("--statefun.module.verify=" + file);
		assertThat(output).contains("'statefun.module.verify': can't read '" + file + "': ")
			.contains("Give a file that exists, in UTF-8.");
		assertThat(this.exit).isEqualTo(2);
		runFailing("--statefun.manifest.verify=" + file);
		assertThat(output).contains("'statefun.manifest.verify': can't read '" + file + "': ");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void manifestIsWrittenAndCompared(CapturedOutput output) throws Exception {
		Path file = this.directory.resolve("states.json");
		run("--statefun.manifest.write-to=" + file);
		assertThat(this.exit).isZero();
		run("--statefun.manifest.verify=" + file);
		assertThat(this.exit).isZero();
		assertThat(output.getOut()).contains(file + ": 0 errors, 0 other changes");
		String right = Files.readString(file);
		Files.writeString(file, right.replace("io.statefun.types/int\",", "io.statefun.types/long\","));
		run("--statefun.manifest.verify=" + file);
		assertThat(this.exit).isOne();
		assertThat(output.getOut())
			.contains("ERROR TYPE_CHANGED in function 'test/db', state 'total': was 'io.statefun.types/long', is "
					+ "'io.statefun.types/int'")
			.contains(file + ": 1 error, 0 other changes");
		Files.writeString(file, right.replaceFirst("\"io.statefun.types/string\" : \\{[^}]*},?", ""));
		run("--statefun.manifest.verify=" + file);
		assertThat(this.exit).isZero();
		assertThat(output.getOut()).contains(file + ": 0 errors, 1 other change\n");
		assertThat(touched).isFalse();
	}

	@Test
	void changeThatOnlyTheEarlierReleaseCannotReadIsAWarning(CapturedOutput output) throws Exception {
		Path file = this.directory.resolve("states.json");
		run("--statefun.manifest.write-to=" + file);
		Files.writeString(file, Files.readString(file).replace("\"schema\" : \"int\"", "\"schema\" : \"short\""));
		run("--statefun.manifest.verify=" + file);
		assertThat(this.exit).isZero();
		assertThat(output.getOut()).contains(
				"WARNING FIELD_RETYPED in function 'test/db', state 'total': was short, is int. Forward readable; "
						+ "back unreadable, as numbers beyond its range are refused. Neither roll back nor let both "
						+ "releases run")
			.contains("The earlier release can't read all that this one writes: do not roll back, or let both run");
	}

	@Test
	void invalidManifestStopsTheStartUp(CapturedOutput output) throws Exception {
		Path file = Files.writeString(this.directory.resolve("states.json"), "[]");
		runFailing("--statefun.manifest.verify=" + file);
		assertThat(output)
			.contains("'statefun.manifest.verify' is '" + file + "': A manifest of states has a 'version' and "
					+ "'functions', which were not found.")
			.contains("Give a file that 'statefun.manifest.write-to' has written.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void missingSnakeYamlIsReported(CapturedOutput output) {
		runFailing(new FilteredClassLoader("org.yaml.snakeyaml"), "--statefun.module.write-to=-");
		assertThat(output)
			.contains("'statefun.module.*' asks for a file that can't be written or read without 'org.yaml:snakeyaml'.")
			.contains("Add the dependency 'org.yaml:snakeyaml'.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void missingJacksonIsReported(CapturedOutput output) {
		runFailing(new FilteredClassLoader("tools.jackson"), "--statefun.manifest.write-to=-");
		assertThat(output).contains("'statefun.manifest.*' asks for a file that can't be written or read without "
				+ "'org.springframework.boot:spring-boot-jackson'.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void withoutFunctionsThereIsNothingToWrite(CapturedOutput output) {
		runFailing("--statefun.enabled=false", "--statefun.module.write-to=-");
		assertThat(output).contains("There are no stateful functions to write or check: 'statefun.enabled' is false.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void unnameableNamespaceStopsTheStartUp(CapturedOutput output) {
		runFailing("--test.namespace=eu/test", "--statefun.module.write-to=-");
		assertThat(output).contains(
				"Function 'eu/test/db' can't be named in a module.yaml of 3.x, where names have exactly one '/'.");
		assertThat(this.exit).isEqualTo(2);
	}

	@Test
	void aheadOfTimeProcessingIgnoresTheCommand() {
		SpringApplication application = new SpringApplication(Application.class);
		int initializers = application.getInitializers().size();
		PrintStream before = System.out;
		MockEnvironment environment = new MockEnvironment().withProperty("statefun.module.write-to", "-");
		TestPropertyValues.of("spring.aot.processing=true").applyToSystemProperties(() -> {
			new CommandEnvironmentPostProcessor(new DefaultBootstrapContext()).postProcessEnvironment(environment,
					application);
			return null;
		});
		assertThat(application.getInitializers()).hasSize(initializers);
		assertThat(environment.getProperty("spring.main.web-application-type")).isNull();
		assertThat(System.out).isSameAs(before);
	}

	private void run(String... arguments) {
		assertThat(runFailing(arguments)).isInstanceOf(Exit.class);
	}

	private Throwable runFailing(String... arguments) {
		return runFailing(getClass().getClassLoader(), arguments);
	}

	// Ends like the process, without running later code
	private Throwable runFailing(ClassLoader classLoader, String... arguments) {
		this.exit = -1;
		SpringApplication application = new SpringApplication(new DefaultResourceLoader(classLoader),
				Application.class);
		application.addBootstrapRegistryInitializer(
				(registry) -> registry.register(CommandProcess.class, (context) -> new CommandProcess((status) -> {
					// A process would end here without an exception
					this.exit = (this.exit == -1) ? status : this.exit;
					throw new Exit();
				})));
		List<String> all = new ArrayList<>(List.of("--spring.main.allow-bean-definition-overriding=false"));
		all.addAll(List.of(arguments));
		try {
			application.run(all.toArray(String[]::new)).close();
		}
		catch (RuntimeException ex) {
			return ex;
		}
		throw new AssertionError("The application has started");
	}

	private static final class Exit extends RuntimeException {

		private static final long serialVersionUID = 1;

	}

	@EnableAutoConfiguration
	@Import({ UsesDatabase.class, FromMethod.class, EagerListener.class })
	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

	/**
	 * A function that can't work without a database.
	 */
	@StatefulFunction("${test.namespace:test}/db")
	static class UsesDatabase {

		UsesDatabase(Database database) {
			touched.set(true);
		}

		@Handler
		void count(int number, @Persisted("total") PersistedValue<Integer> total) {
			total.set(number);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FromMethod {

		@Bean
		@Lazy(false)
		Database database() {
			touched.set(true);
			throw new IllegalStateException("There is no database here");
		}

		@Bean
		@StatefulFunction("test/method")
		Plain plain(Database database) {
			return new Plain();
		}

		@Bean
		CommandLineRunner runner() {
			return (arguments) -> touched.set(true);
		}

		@Bean
		SmartLifecycle lifecycle() {
			return new Started();
		}

	}

	record Database(String url) {

	}

	static class Plain {

		@Handler
		void text(String text) {
		}

		@Handler
		void source(SourceContext source) {
		}

	}

	static class EagerListener {

		@EventListener({ ContextRefreshedEvent.class, ApplicationStartedEvent.class })
		void onStart() {
			touched.set(true);
		}

	}

	static final class Started implements SmartLifecycle {

		Started() {
			touched.set(true);
		}

		@Override
		public void start() {
			touched.set(true);
		}

		@Override
		public void stop() {
		}

		@Override
		public boolean isRunning() {
			return false;
		}

	}

}
