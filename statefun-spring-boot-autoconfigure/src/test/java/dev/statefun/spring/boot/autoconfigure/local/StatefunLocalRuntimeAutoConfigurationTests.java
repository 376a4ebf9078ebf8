package dev.statefun.spring.boot.autoconfigure.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.Any;
import dev.statefun.local.AcceptedMessage;
import dev.statefun.local.EndedRequest;
import dev.statefun.local.LocalRuntime;
import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.local.MessageCause;
import dev.statefun.local.MessageFlowListener;
import dev.statefun.local.playground.Playground;
import dev.statefun.local.playground.PlaygroundTopics;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.LocalRuntimeCustomizer;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.testing.Curl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.BeansException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the local runtime in a Boot application.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatefunLocalRuntimeAutoConfigurationTests {

	private static final Address JOE = Address.of("test/count", "joe");

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(StatefunAutoConfiguration.class,
			StatefunJacksonAutoConfiguration.class, StatefunLocalRuntimeAutoConfiguration.class);

	private static final String[] ENABLED = { "statefun.local-runtime.enabled=true",
			"statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0",
			"statefun.local-runtime.egress-wait=20s" };

	private final ApplicationContextRunner off = new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
		.withUserConfiguration(Counter.class);

	private final ApplicationContextRunner on = this.off.withPropertyValues(ENABLED);

	@TempDir
	private Path directory;

	private static HttpResponse<String> put(ApplicationContext context, String text) throws Exception {
		return curl(context).put("/test/count/joe", "text/plain", text);
	}

	private static Curl curl(ApplicationContext context) {
		Playground playground = context.getBean(Playground.class);
		return new Curl(playground.ingressPort(), playground.egressPort());
	}

	private static void count(ApplicationContext context, int expected) throws Exception {
		assertThat(put(context, "one").statusCode()).isEqualTo(200);
		assertThat(curl(context).get("/counts").body()).isEqualTo("joe " + expected);
	}

	private static FailureAnalysis analysis(AssertableApplicationContext context) {
		for (Throwable failure = context.getStartupFailure(); failure != null; failure = failure.getCause()) {
			if (failure instanceof FailureAnalyzedException analyzed) {
				return analyzed.analysis();
			}
		}
		throw new AssertionError("no failure that is explained", context.getStartupFailure());
	}

	private static void requireFailure(AssertableApplicationContext context, String description, String action) {
		assertThat(context).hasFailed();
		assertThat(analysis(context).getDescription()).contains(description);
		assertThat(analysis(context).getAction()).contains(action);
	}

	// Enabling and disabling

	// Another test's application may have left one, which would keep the states
	@BeforeEach
	void forgetTheRestarter() {
		Restarter.clearInstance();
	}

	@Test
	void offByDefault() {
		this.off.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(LocalRuntime.class)
			.doesNotHaveBean(Playground.class));
	}

	@Test
	void offIfFunctionsAreDisabled() {
		this.on.withPropertyValues("statefun.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(LocalRuntime.class));
	}

	@Test
	void runtimeOnlyPresentThroughAheadOfTimeProcessingStopsTheStartUp() {
		this.on.run((context) -> {
			StatefunLocalRuntimeProperties properties = context.getBean(StatefunLocalRuntimeProperties.class);
			assertThatExceptionOfType(FailureAnalyzedException.class)
				.isThrownBy(() -> new LocalRuntimeGuard(properties, new MockEnvironment(), context.getClassLoader()))
				.withMessageContaining("'statefun.local-runtime.enabled' is not true now");
		});
	}

	@Test
	void messageIsHandledAndItsRecordKept(CapturedOutput output) {
		this.on.run((context) -> {
			count(context, 1);
			count(context, 2);
			Playground playground = context.getBean(Playground.class);
			assertThat(output).contains(
					"Local runtime for development, not for production: PUT localhost:" + playground.ingressPort()
							+ "/{namespace}/{name}/{id}",
					"GET localhost:" + playground.egressPort() + "/{topic}", "states are kept in memory");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "v2", "v3", "auto" })
	void runtimeUsesTheProtocolOfTheEndpoint(String protocol) {
		this.on.withPropertyValues("statefun.protocol=" + protocol).run((context) -> {
			count(context, 1);
			count(context, 2);
		});
	}

	@Test
	void reactiveApplicationHasARuntime() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Counter.class)
			.withPropertyValues(ENABLED)
			.run((context) -> count(context.getSourceApplicationContext(), 1));
	}

	@Test
	void servletApplicationHasARuntime() {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Counter.class)
			.withPropertyValues(ENABLED)
			.run((context) -> count(context.getSourceApplicationContext(), 1));
	}

	@Test
	void lazyApplicationHasARuntime() {
		this.on
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> count(context, 1));
	}

	@Test
	void missingModuleStopsTheStartUpAndIsNamed() {
		this.on.withClassLoader(new FilteredClassLoader("dev.statefun.local"))
			.run((context) -> requireFailure(context, "the local runtime is not on the class path",
					"Add the dependency 'dev.statefun:statefun-local-runtime'"));
	}

	@Test
	void missingModuleIsFineIfTheRuntimeIsDisabled() {
		this.off.withClassLoader(new FilteredClassLoader("dev.statefun.local"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "com.google.protobuf.util", "tools.jackson", "org.springframework.boot.devtools" })
	void runtimeWorksWithoutOptionalLibraries(String library) {
		this.on.withClassLoader(new FilteredClassLoader(library)).run((context) -> count(context, 1));
	}

	// Forbidden profiles and addresses

	@ParameterizedTest
	@CsvSource({ "prod,prod", "production,production", "'eu,prod',prod", "PROD,PROD", "Production,Production",
			"'dev,PROD',PROD" })
	void forbiddenProfileStopsTheStartUp(String active, String forbidden) {
		this.on.withInitializer((context) -> context.getEnvironment().setActiveProfiles(active.split(",")))
			.run((context) -> requireFailure(context, "the profile '" + forbidden + "' is active",
					"'statefun.local-runtime.forbidden-profiles'"));
	}

	@ParameterizedTest
	@CsvSource({ "live, 'spring.profiles.group.live=eu,prod'", "live, 'spring.profiles.group.live=eu,PROD'",
			"PROD, 'spring.profiles.group.PROD=eu,us'", "'us,eu', 'spring.profiles.group.prod=eu,us'" })
	void profileGroupWithAForbiddenProfileStopsTheStartUp(String active, String group) {
		SpringApplication application = new SpringApplication(OfBoot.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(BeansException.class)
			.isThrownBy(() -> application
				.run("--spring.profiles.active=" + active, "--" + group, "--statefun.local-runtime.enabled=true",
						"--statefun.local-runtime.ingress-port=0", "--statefun.local-runtime.egress-port=0")
				.close())
			.havingRootCause()
			.isInstanceOf(FailureAnalyzedException.class)
			.withMessageMatching("(?i).*the profile 'prod' is active.*");
	}

	@Test
	void memberOfAForbiddenProfileGroupIsAllowed() {
		this.on.withPropertyValues("spring.profiles.group.prod=eu,metrics")
			.withInitializer((context) -> context.getEnvironment().setActiveProfiles("metrics"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void reachableAddressCausesAWarning(CapturedOutput output) {
		this.on.withPropertyValues("statefun.local-runtime.address=0.0.0.0").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).contains("The local runtime listens at 0.0.0.0 ('statefun.local-runtime.address'): "
					+ "all who reach its ports can send any message and take any payload");
		});
	}

	@Test
	void forbiddenProfilesAreConfigurable() {
		ApplicationContextRunner runner = this.on.withPropertyValues("statefun.local-runtime.forbidden-profiles=live");
		runner.withInitializer((context) -> context.getEnvironment().setActiveProfiles("prod"))
			.run((context) -> assertThat(context).hasNotFailed());
		runner.withInitializer((context) -> context.getEnvironment().setActiveProfiles("live"))
			.run((context) -> requireFailure(context, "the profile 'live' is active", "enabled=true"));
	}

	@Test
	void forbiddenProfileIsFineIfTheRuntimeIsDisabled() {
		this.off.withInitializer((context) -> context.getEnvironment().setActiveProfiles("prod"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ingress", "egress" })
	void occupiedPlaygroundPortStopsTheStartUpAndIsNamed(String side) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.on.withPropertyValues("statefun.local-runtime." + side + "-port=" + taken.getLocalPort())
				.run((context) -> requireFailure(context, "127.0.0.1:" + taken.getLocalPort(),
						"set 'statefun.local-runtime." + side + "-port' to another port"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ingress-port=70000", "egress-port=-1", "egresses=greets", "max-request-size=2GB",
			"snapshot-interval=0s" })
	void invalidPropertyStopsTheStartUp(String property) {
		this.on.withPropertyValues("statefun.local-runtime." + property)
			.run((context) -> assertThat(context).hasFailed());
	}

	// Egresses

	@Test
	void withoutAnEgressListEveryEgressIsKnownWithOneWarning(CapturedOutput output) {
		this.on.run((context) -> count(context, 1));
		assertThat(output.getAll().lines().filter((line) -> line.contains("local-runtime.egresses' is not set")))
			.hasSize(1);
	}

	@Test
	void unlistedEgressFailsTheJob(CapturedOutput output) {
		this.on.withPropertyValues("statefun.local-runtime.egresses=test/other").run((context) -> {
			assertThat(put(context, "one").statusCode()).isEqualTo(200);
			await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("which no module declares"));
			assertThat(output).contains("ERROR", "Function 'test/count', id 'joe'",
					"The request is sent again in 10000 ms");
			assertThat(output).doesNotContain("egresses' is not set");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "statefun.failure.dead-letter.egress=ops/letters | kind=kafka | /letters",
					"statefun.failure.dead-letter.egress=ops/letters | kind=plain | /ops/letters",
					"statefun.functions.[test/count].failure.dead-letter.egress=ops/letters | kind=kafka | /letters" })
	void deadLetterEgressIsAlwaysKnown(String egress, String kind, String path) {
		this.on
			.withPropertyValues("statefun.local-runtime.egresses=test/out", "statefun.failure.policy=dead-letter",
					"statefun.failure.dead-letter.topic=letters", egress, "statefun.failure.dead-letter." + kind)
			.run((context) -> {
				put(context, "twice wrong");
				assertThat(curl(context).get(path).body()).contains("\"text\":\"wrong\"");
				count(context, 1);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "kafka", "kinesis" })
	void egressOfTheModuleSettingsIsAlwaysKnown(String kind) {
		this.on.withConfiguration(AutoConfigurations.of(StatefunModuleAutoConfiguration.class))
			.withPropertyValues("statefun.local-runtime.egresses=test/other",
					"statefun.module." + kind + ".egresses[0].id=test/out")
			.run((context) -> count(context, 1));
	}

	@Test
	void typedEgressIsAlwaysKnown() {
		this.on.withConfiguration(AutoConfigurations.of(StatefunEgressAutoConfiguration.class))
			.withPropertyValues("statefun.local-runtime.egresses=test/other", "statefun.egresses.counts.type=kafka",
					"statefun.egresses.counts.id=test/out", "statefun.egresses.counts.topic=counts")
			.run((context) -> count(context, 1));
	}

	@Test
	void playgroundEgressIsAlwaysKnown() {
		this.on.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withUserConfiguration(Greeter.class)
			.withPropertyValues("statefun.local-runtime.egresses=test/other")
			.run((context) -> {
				curl(context).put("/test/greeter/joe", "text/plain", "Joe");
				assertThat(curl(context).get("/greetings").body()).isEqualTo("Hello Joe");
			});
	}

	// Messages while it is disabled

	@Test
	void availableButDisabledRuntimeIsMentionedOnce(CapturedOutput output) {
		this.off.withConfiguration(AutoConfigurations.of(StatefunActuatorAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll().lines().filter((line) -> line.contains("local runtime"))).singleElement()
			.asString()
			.contains(" INFO ")
			.endsWith("The local runtime is on the class path, but off. To run the functions without a cluster during "
					+ "development, set 'statefun.local-runtime.enabled' to true; false removes this line");
	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.local-runtime.enabled=false", "spring.profiles.active=prod",
			"spring.profiles.active=live,statefun.local-runtime.forbidden-profiles=live" })
	void explicitlyDisabledRuntimeIsNotMentioned(String properties, CapturedOutput output) {
		this.off.withConfiguration(AutoConfigurations.of(StatefunActuatorAutoConfiguration.class))
			.withPropertyValues(properties.split(","))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("1 stateful function ").doesNotContain("local runtime");
	}

	@Test
	void enabledOrMissingRuntimeIsNotMentionedAsDisabled(CapturedOutput output) {
		AutoConfigurations report = AutoConfigurations.of(StatefunActuatorAutoConfiguration.class);
		this.on.withConfiguration(report).run((context) -> assertThat(context).hasNotFailed());
		this.off.withConfiguration(report)
			.withClassLoader(new FilteredClassLoader("dev.statefun.local"))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("1 stateful function ").doesNotContain("but off");
	}

	// Failures

	@Test
	void failedRequestIsLoggedWithOneStackTraceAndRetried(CapturedOutput output) {
		this.on.run((context) -> {
			put(context, "twice wrong");
			count(context, 2);
			assertThat(output.getAll()
				.lines()
				.filter((line) -> line.contains("WARN") && line.contains("'test/count', id 'joe'"))).hasSize(2);
			assertThat(output).contains("It is sent again in 4 ms", "It is sent again in 8 ms");
			assertThat(output.getAll().split("Counter.on\\(", -1)).hasSizeLessThan(5);
		});
	}

	@Test
	void invalidMessageIsLoggedOncePerMinuteWithoutAStackTrace(CapturedOutput output) {
		String text = "The request to function 'test/count', id 'joe', with 1 message failed: Function 'test/count' "
				+ "failed for id 'joe' on message 1 of 1, of the type 'shop/Unknown'; nothing of the batch was applied: "
				+ "dev.statefun.sdk.failure.UnhandledMessageException: Function 'test/count' takes no message of type "
				+ "'shop/Unknown'; expected one of [io.statefun.types/string]. Add a @Handler method for the type, or "
				+ "one for google.protobuf.Any that takes everything else";
		this.on.withBean(LocalRuntimeCustomizer.class, () -> (runtime) -> runtime.callTimeout(Duration.ofMillis(100)))
			.run((context) -> {
				context.getBean(LocalRuntime.class).send(JOE, Any.newBuilder().setTypeUrl("shop/Unknown").build());
				await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains(" ERROR "));
			});
		assertThat(output).doesNotContain("\tat ");
		assertThat(output.getAll().lines().filter((line) -> line.contains("shop/Unknown"))).satisfiesExactly(
				(first) -> assertThat(first).contains(" WARN ").endsWith(" " + text + ". It is sent again in 4 ms"),
				(second) -> assertThat(second).contains(" ERROR ")
					.containsPattern("It was sent \\d+ times within 100 ms \\('callTimeout'\\)\\. The request is sent "
							+ "again in 10000 ms$"));
	}

	@Test
	void failedJobIsLoggedWithTheStackTraceOfItsCause(CapturedOutput output) {
		this.on.withBean(LocalRuntimeCustomizer.class, () -> (runtime) -> runtime.callTimeout(Duration.ZERO))
			.run((context) -> {
				put(context, "twice wrong");
				await().atMost(Duration.ofSeconds(20))
					.until(() -> output.getAll().contains("The request is sent again in 10000 ms"));
				assertThat(output).contains("ERROR", "java.lang.IllegalStateException: wrong", "Counter.on(");
			});
	}

	// Lifecycle

	@Test
	void startsAfterTheWebServerAndStopsBeforeItsGracefulShutdown() {
		assertThat(LocalRuntimeLifecycle.PHASE).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
			.isLessThan(SmartLifecycle.DEFAULT_PHASE);
		List<String> order = new CopyOnWriteArrayList<>();
		this.on.withBean(LikeAWebServer.class, () -> new LikeAWebServer(order))
			.withBean(LocalRuntimeCustomizer.class, () -> (runtime) -> order.add("runtime is created"))
			.run((context) -> {
				LikeAWebServer server = context.getBean(LikeAWebServer.class);
				server.playground = context.getBean(Playground.class);
				count(context, 1);
			});
		assertThat(order).containsExactly("runtime is created", "server starts", "server stops after the playground");
	}

	@Test
	void stoppedContextCanBeStartedAgain() {
		this.on.run((context) -> {
			count(context, 1);
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			source.stop();
			assertThat(context.getBean(LocalRuntimeLifecycle.class).isRunning()).isFalse();
			context.getBean(LocalRuntime.class).send(JOE, "one");
			source.start();
			assertThat(curl(context).get("/counts").body()).isEqualTo("joe 2");
			count(context, 3);
		});
	}

	// Customization

	@Test
	void clockMayBeAheadAndMessagesCanBeFollowed() {
		FollowedMessages followed = new FollowedMessages();
		this.on.withBean(FollowedMessages.class, () -> followed)
			.withPropertyValues("statefun.local-runtime.clock=ahead")
			.run((context) -> {
				LocalRuntime runtime = context.getBean(LocalRuntime.class);
				assertThat(runtime.operations().clock().kind()).isEqualTo(ClockKind.AHEAD);
				runtime.advance(Duration.ofDays(1));
				assertThat(runtime.operations().clock().ahead()).isEqualTo(Duration.ofDays(1));
				count(context, 1);
				runtime.runUntilIdle();
				assertThat(followed.accepted).extracting(AcceptedMessage::cause)
					.extracting(MessageCause::kind)
					.containsExactly(MessageCause.Kind.OUTSIDE);
				// The first request is answered by asking for states
				assertThat(followed.ended.get(1).messages()).singleElement().satisfies((message) -> {
					assertThat(message.id()).isEqualTo(followed.accepted.get(0).id());
					assertThat(message.outcome()).isEqualTo(EndedRequest.MessageOutcome.HANDLED);
					assertThat(message.effects()).hasSize(1);
				});
			});
	}

	@Test
	void customizersAreCalledInOrder() {
		this.on.withUserConfiguration(TwoCustomizers.class).run((context) -> {
			assertThat(context.getBean(TwoCustomizers.class).called).containsExactly("first", "second");
			count(context, 1);
		});
	}

	@Test
	void customRuntimeReplacesTheDefault() {
		this.on.withUserConfiguration(OwnRuntime.class).run((context) -> {
			assertThat(context).hasSingleBean(LocalRuntime.class);
			assertThat(context.getBean(LocalRuntime.class)).isSameAs(context.getBean("ownRuntime"));
			count(context, 1);
		});
	}

	// Snapshots

	private ApplicationContextRunner withFile(Path file) {
		return this.on.withPropertyValues("statefun.local-runtime.snapshot=" + file,
				"statefun.local-runtime.snapshot-interval=20ms");
	}

	@Test
	void statesArePersistedInAFile() {
		Path file = this.directory.resolve("made/as/needed/states.bin");
		withFile(file).run((context) -> {
			count(context, 1);
			count(context, 2);
		});
		assertThat(file).isNotEmptyFile();
		assertThat(file.resolveSibling("states.bin.next")).doesNotExist();
		withFile(file).run((context) -> count(context, 3));
	}

	@Test
	void statesAreWrittenPeriodically() {
		Path file = this.directory.resolve("states.bin");
		withFile(file).run((context) -> {
			count(context, 1);
			await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file) && keptCount(file) == 1);
			count(context, 2);
			await().atMost(Duration.ofSeconds(20)).until(() -> keptCount(file) == 2);
		});
	}

	static int keptCount(Path file) throws IOException {
		StatefulFunctions functions = StatefulFunctions.builder().register("test/count", new Counter()).build();
		try (LocalRuntime runtime = LocalRuntime.of(functions).restore(Files.readAllBytes(file)).create()) {
			return runtime.state(JOE, "count", Integer.class).orElse(0);
		}
	}

	@Test
	void fileOfAnotherProtocolVersionStopsTheStartUp() {
		Path file = this.directory.resolve("states.bin");
		withFile(file).run((context) -> count(context, 1));
		withFile(file).withPropertyValues("statefun.protocol=v2")
			.run((context) -> requireFailure(context, "'" + file + "' can't be used: The snapshot is of a 3.x runtime",
					"Delete the file"));
	}

	@Test
	void damagedFileIsRejectedCompletely() throws IOException {
		Path file = this.directory.resolve("states.bin");
		withFile(file).run((context) -> count(context, 1));
		byte[] intact = Files.readAllBytes(file);
		StatefulFunctions functions = StatefulFunctions.builder().register("test/count", new Counter()).build();
		for (int length = 0; length < intact.length; length++) {
			requireRefused(functions, file, Arrays.copyOf(intact, length));
		}
		for (int bit = 0; bit < 8 * intact.length; bit++) {
			byte[] flipped = intact.clone();
			flipped[bit / 8] ^= (byte) (1 << (bit % 8));
			requireRefused(functions, file, flipped);
		}
		withFile(file).run((context) -> requireFailure(context, "'" + file + "' can't be used", "Delete the file"));
	}

	private static void requireRefused(StatefulFunctions functions, Path file, byte[] damaged) throws IOException {
		Files.write(file, damaged);
		SnapshotStore store = new SnapshotStore(null, new SnapshotFile(file));
		assertThatExceptionOfType(FailureAnalyzedException.class)
			.isThrownBy(() -> store.restore(() -> LocalRuntime.of(functions)))
			.satisfies((ex) -> assertThat(ex.analysis().getDescription()).contains("can't be used"));
		assertThat(file).hasBinaryContent(damaged);
	}

	@Test
	void unwritableStatesFileStopsTheStartUp() throws IOException {
		Path occupied = Files.createFile(this.directory.resolve("file"));
		withFile(occupied.resolve("states.bin")).run((context) -> requireFailure(context,
				"can't be kept in '" + occupied, "'statefun.local-runtime.snapshot'"));
		withFile(this.directory).run((context) -> requireFailure(context, "it is a directory", "another file"));
	}

	@Test
	void fileIsWrittenOnlyAfterChanges() throws IOException {
		Path path = this.directory.resolve("states.bin");
		byte[] snapshot = { 1, 2, 3 };
		FileTime past = FileTime.fromMillis(0);
		new SnapshotFile(path).write(snapshot);
		SnapshotFile file = new SnapshotFile(path);
		assertThat(file.read()).isEqualTo(snapshot);
		Files.setLastModifiedTime(path, past);
		file.write(snapshot.clone());
		assertThat(Files.getLastModifiedTime(path)).isEqualTo(past);
		file.write(new byte[] { 1, 2, 4 });
		assertThat(path).hasBinaryContent(new byte[] { 1, 2, 4 });
		file.write(snapshot);
		assertThat(path).hasBinaryContent(snapshot);
		Files.delete(path);
		file.write(snapshot);
		assertThat(path).hasBinaryContent(snapshot);
	}

	@Test
	void laterWriteFailureIsLoggedOnceAndTheRuntimeContinues(CapturedOutput output) {
		Path file = this.directory.resolve("states/states.bin");
		withFile(file).run((context) -> {
			count(context, 1);
			await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(file) && keptCount(file) == 1);
			Path away = this.directory.resolve("away");
			Files.move(file.getParent(), away);
			count(context, 2);
			await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("can't be written to"));
			count(context, 3);
			Files.move(away, file.getParent());
			await().atMost(Duration.ofSeconds(20)).until(() -> keptCount(file) == 3);
		});
		assertThat(output.getAll().lines().filter((line) -> line.contains("can't be written to"))).hasSize(1);
	}

	@Test
	void unusableStatesFromBeforeARestartAreDroppedWithAWarning(CapturedOutput output) {
		AtomicReference<byte @Nullable []> kept = new AtomicReference<>();
		ApplicationContextRunner restarted = this.on.withBean(DevToolsSnapshot.class, () -> new DevToolsSnapshot(kept),
				(definition) -> definition.setPrimary(true));
		restarted.run((context) -> count(context, 1));
		restarted.run((context) -> count(context, 2));
		assertThat(output).doesNotContain("starts with empty states");
		restarted.withPropertyValues("statefun.protocol=v2").run((context) -> count(context, 1));
		assertThat(output).contains("WARN", "starts with empty states", "The snapshot is of a 3.x runtime");
	}

	/**
	 * Keeps the messages that the runtime accepts and the requests that it sends.
	 */
	static class FollowedMessages implements MessageFlowListener {

		private final List<AcceptedMessage> accepted = new CopyOnWriteArrayList<>();

		private final List<EndedRequest> ended = new CopyOnWriteArrayList<>();

		@Override
		public void accepted(AcceptedMessage message) {
			this.accepted.add(message);
		}

		@Override
		public void ended(EndedRequest request) {
			this.ended.add(request);
		}

	}

	@StatefulFunction("test/count")
	static class Counter {

		private int wrong;

		@Handler
		void on(String text, @Persisted("count") PersistedValue<Integer> count, Context context) {
			if (text.equals("twice wrong")) {
				if (this.wrong++ < 2) {
					throw new IllegalStateException("wrong");
				}
				count.set(1);
				return;
			}
			int now = count.get().orElse(0) + 1;
			count.set(now);
			context.sendEgress("test/out",
					KafkaRecord.forTopic("counts").utf8Value(context.self().id() + " " + now).build());
		}

	}

	@MessageType("io.statefun.playground/EgressRecord")
	record EgressRecord(String topic, String payload) {

	}

	@StatefulFunction("test/greeter")
	static class Greeter {

		@Handler
		void on(String name, Context context) {
			context.sendEgress("io.statefun.playground/egress", new EgressRecord("greetings", "Hello " + name));
		}

	}

	static final class LikeAWebServer implements SmartLifecycle {

		private final List<String> order;

		private @Nullable Playground playground;

		private boolean running;

		LikeAWebServer(List<String> order) {
			this.order = order;
		}

		@Override
		public void start() {
			this.order.add("server starts");
			this.running = true;
		}

		@Override
		public void stop() {
			boolean answers = true;
			try {
				Objects.requireNonNull(this.playground).ingressPort();
			}
			catch (IllegalStateException ex) {
				answers = false;
			}
			this.order.add(answers ? "server stops before the playground" : "server stops after the playground");
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Counter.class)
	static class OfBoot {

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoCustomizers {

		private final List<String> called = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		LocalRuntimeCustomizer second() {
			return (runtime) -> this.called.add("second");
		}

		@Bean
		@Order(1)
		LocalRuntimeCustomizer first() {
			return (runtime) -> this.called.add("first");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRuntime {

		@Bean
		LocalRuntime ownRuntime(StatefulFunctions functions, PlaygroundTopics topics) {
			return LocalRuntime.of(functions).listener(topics).create();
		}

	}

}
