package dev.statefun.spring.boot.autoconfigure;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.failure.DeadLetterFormat;
import dev.statefun.spring.failure.DeadLetterKind;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the properties and annotations that define the failure policy: precedence and
 * invalid settings.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailurePolicyConfigurationTests {

	private static final String ONE = "statefun.functions.\"[test/one]\".failure";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunFunctionSettingsAutoConfiguration.class))
		.withUserConfiguration(Functions.class)
		.withBean(Decisions.class)
		.withPropertyValues("statefun.failure.dead-letter.egress=ops/dlq", "statefun.failure.dead-letter.topic=t");

	private static Throwable next = new IllegalStateException();

	@Test
	void propertiesAreBound() {
		this.contextRunner.withPropertyValues("statefun.failure.policy=dead-letter",
				"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip",
				"statefun.failure.exceptions.java.io.IOException=retry", "statefun.failure.dead-letter.egress=ops/dlq",
				"statefun.failure.dead-letter.kind=plain", "statefun.failure.dead-letter.topic=t",
				"statefun.failure.dead-letter.format=protobuf", "statefun.functions.[test/one].failure.policy=SKIP",
				"statefun.functions.[test/one].failure.exceptions.[java.io.IOException]=DEAD_LETTER",
				"statefun.functions.[test/one].failure.dead-letter.topic=other")
			.run((context) -> {
				StatefunProperties properties = context.getBean(StatefunProperties.class);
				StatefunProperties.Failure all = properties.failure();
				assertThat(all.policy()).isEqualTo(OnFailure.DEAD_LETTER);
				assertThat(all.exceptions()).hasSize(2)
					.containsEntry("java.lang.IllegalArgumentException", OnFailure.SKIP)
					.containsEntry("java.io.IOException", OnFailure.RETRY);
				assertThat(all.deadLetter()).isEqualTo(new StatefunProperties.DeadLetter("ops/dlq",
						DeadLetterKind.PLAIN, "t", DeadLetterFormat.PROTOBUF));
				StatefunProperties.Failure one = Objects.requireNonNull(properties.functions().get("test/one"))
					.failure();
				assertThat(one.policy()).isEqualTo(OnFailure.SKIP);
				assertThat(one.exceptions()).containsEntry("java.io.IOException", OnFailure.DEAD_LETTER);
				assertThat(one.deadLetter()).isEqualTo(new StatefunProperties.DeadLetter(null, null, "other", null));
			});
	}

	@Test
	void noPolicyByDefault() {
		this.contextRunner.run((context) -> {
			StatefunProperties.Failure failure = context.getBean(StatefunProperties.class).failure();
			assertThat(failure.policy()).isNull();
			assertThat(failure.exceptions()).isEmpty();
			assertThat(decide(context, "test/one", new IllegalStateException())).isEqualTo("retry");
		});
	}

	// Rows: properties | function | decision about an IllegalArgumentException
	static Stream<Precedence> precedences() {
		return Stream.of(
				// The policy: function, annotation, all functions
				Precedence.of("skip", "test/one", "statefun.failure.policy=skip"),
				Precedence.of("dead-letter", "test/annotated", "statefun.failure.policy=skip"),
				Precedence.of("retry", "test/annotated", "statefun.failure.policy=skip",
						"statefun.functions.[test/annotated].failure.policy=retry"),
				Precedence.of("retry", "test/one", "statefun.failure.policy=skip",
						"statefun.functions.[test/one].failure.policy=retry"),
				Precedence.of("retry", "test/one", "statefun.functions.[test/annotated].failure.policy=skip"),
				Precedence.of("dead-letter", "test/by-method"),
				Precedence.of("dead-letter", "test/annotated", "statefun.failure.policy=skip",
						"statefun.functions.[test/annotated].failure.policy=as-configured"),
				Precedence.of("skip", "test/one",
						"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip",
						"statefun.functions.[test/one].failure.exceptions.[java.lang.IllegalArgumentException]=as-configured"),
				// Exceptions before the policy, at any level
				Precedence.of("skip", "test/annotated",
						"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip"),
				Precedence.of("retry", "test/one", "statefun.functions.[test/one].failure.policy=skip",
						"statefun.failure.exceptions.[java.lang.RuntimeException]=retry"),
				Precedence.of("skip", "test/one",
						"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=retry",
						"statefun.functions.[test/one].failure.exceptions.[java.lang.IllegalArgumentException]=skip"),
				// The most specific class, at any level
				Precedence.of("skip", "test/one", "statefun.failure.exceptions.[java.lang.Throwable]=retry",
						"statefun.failure.exceptions.[java.lang.RuntimeException]=skip",
						"statefun.failure.exceptions.[java.lang.Exception]=retry"),
				Precedence.of("skip", "test/one",
						"statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip",
						"statefun.functions.[test/one].failure.exceptions.[java.lang.RuntimeException]=retry"),
				Precedence.of("retry", "test/one",
						"statefun.failure.exceptions.[java.lang.NumberFormatException]=skip"));
	}

	@ParameterizedTest
	@MethodSource("precedences")
	void mostSpecificDecisionWins(Precedence precedence) {
		this.contextRunner.withPropertyValues(precedence.properties())
			.run((context) -> assertThat(decide(context, precedence.function(), new IllegalArgumentException()))
				.isEqualTo(precedence.decision()));
	}

	@Test
	void subclassesMatchAndCausesDoNot() {
		this.contextRunner.withPropertyValues("statefun.failure.exceptions.[java.io.IOException]=skip")
			.run((context) -> {
				assertThat(decide(context, "test/one", new FileNotFoundException())).isEqualTo("skip");
				assertThat(decide(context, "test/one", new UncheckedIOException(new IOException()))).isEqualTo("retry");
				assertThat(decide(context, "test/one", new ExecutionException(new IOException()))).isEqualTo("skip");
				assertThat(decide(context, "test/one", new CompletionException(new IOException()))).isEqualTo("skip");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/jdk-proxy", "test/class-proxy" })
	void undeclaredExceptionsBehindProxiesMatchTheirRule(String function) {
		this.contextRunner.withUserConfiguration(Proxies.class)
			.withPropertyValues("statefun.failure.exceptions.[java.io.IOException]=skip")
			.run((context) -> {
				assertThat(decide(context, function, new FileNotFoundException())).isEqualTo("skip");
				assertThat(decide(context, function, new ExecutionException(new FileNotFoundException())))
					.isEqualTo("skip");
				assertThat(decide(context, function, new IllegalStateException())).isEqualTo("retry");
			});
	}

	@Test
	void rulesCanNameNestedClassesAndErrors() {
		this.contextRunner
			.withPropertyValues("statefun.failure.exceptions.[" + Nested.class.getName() + "]=skip",
					"statefun.failure.exceptions.[java.lang.AssertionError]=skip")
			.run((context) -> {
				assertThat(decide(context, "test/one", new Nested())).isEqualTo("skip");
				assertThat(decide(context, "test/one", new AssertionError())).isEqualTo("skip");
				assertThat(decide(context, "test/one", new StackOverflowError())).isEqualTo("retry");
			});
	}

	@Test
	void deadLettersAreCheckedPerFunction() {
		this.contextRunner
			.withPropertyValues("statefun.functions.[test/one].failure.dead-letter.topic=other",
					"statefun.failure.dead-letter.topic=", "statefun.failure.dead-letter.kind=plain",
					"statefun.functions.[test/one].failure.dead-letter.kind=kafka",
					"statefun.functions.[test/one].failure.policy=dead-letter")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(decide(context, "test/one", new IllegalStateException())).isEqualTo("dead-letter");
			});
	}

	@Test
	void severalPoliciesWithoutAPrimaryOneStopTheStartUp() {
		this.contextRunner.withBean("first", FailurePolicy.class, () -> (failed) -> FailureAction.skip())
			.withBean("second", FailurePolicy.class, () -> (failed) -> FailureAction.skip())
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(context.getStartupFailure()).hasStackTraceContaining("found 2: first,second");
			});
	}

	@Test
	void policyOfAParentDecidesAndPropertiesAreNotRead() {
		try (GenericApplicationContext parent = new GenericApplicationContext()) {
			parent.registerBean(FailurePolicy.class, () -> (failed) -> FailureAction.skip());
			parent.refresh();
			this.contextRunner.withParent(parent)
				.withPropertyValues("statefun.failure.policy=dead-letter", "statefun.failure.dead-letter.egress=")
				.run((context) -> assertThat(decide(context, "test/one", new IllegalStateException()))
					.isEqualTo("skip"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "test/state", "test/wrapping-state", "test/state-later" })
	void unreadableStateIsRetriedDespitePropertiesAndAnnotations(String function) {
		this.contextRunner.withUserConfiguration(States.class)
			.withPropertyValues("statefun.failure.policy=skip",
					"statefun.functions.[" + function + "].failure.policy=dead-letter",
					"statefun.failure.exceptions.[java.lang.IllegalStateException]=skip",
					"statefun.functions.[" + function + "].failure.exceptions.[java.lang.Throwable]=skip")
			.run((context) -> {
				assertThat(decide(context, stateRequest(function, "io.statefun.types/string"))).isEqualTo("retry");
				assertThat(decide(context, stateRequest(function, "io.statefun.types/int"))).isEqualTo("skip");
			});
	}

	@Test
	void policyBeanHandlesUnreadableStates() {
		this.contextRunner.withUserConfiguration(States.class)
			.withBean(FailurePolicy.class,
					() -> (failed) -> (failed.kind() == FailureKind.UNREADABLE_STATE) ? FailureAction.skip()
							: FailureAction.retry())
			.run((context) -> {
				assertThat(decide(context, stateRequest("test/state", "io.statefun.types/string"))).isEqualTo("skip");
				assertThat(decide(context, stateRequest("test/state", "io.statefun.types/int"))).isEqualTo("retry");
			});
	}

	static Stream<Mistake> mistakes() {
		String noEgress = "Set 'statefun.failure.dead-letter.egress' to an egress of the cluster's module.yaml, in the "
				+ "form '<namespace>/<name>', or decide for 'retry' or 'skip'.";
		return Stream.of(Mistake.of(
				"Failed messages of function 'test/annotated' can become dead letters, but no egress is set for them.",
				noEgress),
				Mistake.of(
						"Failed messages of function 'test/one' can become dead letters, but no egress is set for them.",
						noEgress, "statefun.functions.[test/annotated].failure.policy=retry",
						"statefun.functions.[test/by-method].failure.policy=retry",
						"statefun.functions.[test/one].failure.exceptions.[java.lang.IllegalStateException]=dead-letter"),
				Mistake.of(
						"Dead letters of function 'test/annotated' go to the Kafka egress 'ops/dlq', but no topic is set "
								+ "for them.",
						"Set 'statefun.failure.dead-letter.topic', or 'statefun.failure.dead-letter.kind' to 'plain' if "
								+ "the egress takes messages as they are.",
						"statefun.failure.dead-letter.egress=ops/dlq"),
				Mistake.of("'statefun.failure.dead-letter.egress': Egress 'dlq' is not valid.",
						"Write it in the form '<namespace>/<name>', with both parts non-empty.",
						"statefun.failure.dead-letter.egress=dlq"),
				Mistake.of("'" + ONE + ".dead-letter.egress': Egress 'ops/' is not valid.",
						"Write it in the form '<namespace>/<name>', with both parts non-empty.",
						"statefun.functions.[test/one].failure.dead-letter.egress=ops/"),
				Mistake.of("'statefun.failure.exceptions' names the class 'com.example.Gone', which does not exist.",
						"Give the full name of an exception's class, in brackets: "
								+ "statefun.failure.exceptions.\"[java.lang.IllegalArgumentException]\".",
						"statefun.failure.exceptions.[com.example.Gone]=skip"),
				Mistake.of("'" + ONE + ".exceptions' names the class 'java.lang.String', which is no exception.",
						"Give the class of an exception, or remove it.",
						"statefun.functions.[test/one].failure.exceptions.[java.lang.String]=skip"),
				Mistake.of(
						"'statefun.failure.exceptions' names 'java.lang.OutOfMemoryError', which is not a message's "
								+ "fault: its batch is always sent again.",
						"Remove it.", "statefun.failure.exceptions.[java.lang.OutOfMemoryError]=skip"),
				Mistake.of(
						"'statefun.failure.exceptions' names 'dev.statefun.sdk.handler.BatchTimeoutException', which is not a "
								+ "message's fault: its batch is always sent again.",
						"Remove it.",
						"statefun.failure.exceptions.[dev.statefun.sdk.handler.BatchTimeoutException]=skip"),
				Mistake.of(
						"'statefun.failure.exceptions' names 'dev.statefun.sdk.failure.UnreadableStateException', which is not a "
								+ "message's fault: its batch is always sent again.",
						"Remove it.",
						"statefun.failure.exceptions.[dev.statefun.sdk.failure.UnreadableStateException]=skip"),
				Mistake.of(
						"'statefun.failure.exceptions' names 'java.lang.reflect.UndeclaredThrowableException', which only "
								+ "wraps another exception: rules apply to the exception inside.",
						"Name the class of the exception inside.",
						"statefun.failure.exceptions.[java.lang.reflect.UndeclaredThrowableException]=skip"),
				Mistake.of("'statefun.functions' has settings for 'test/two', which is not served here.",
						"Remove them, or give one of [test/annotated, test/by-method, test/one] in brackets: "
								+ "statefun.functions.\"[<namespace>/<name>]\".",
						"statefun.functions.[test/two].failure.policy=skip"),
				Mistake.of("'statefun.functions' has settings for 'testone', which is not served here.",
						"Remove them, or give one of [test/annotated, test/by-method, test/one] in brackets: "
								+ "statefun.functions.\"[<namespace>/<name>]\".",
						"statefun.functions.test/one.failure.policy=skip"));
	}

	@ParameterizedTest
	@MethodSource("mistakes")
	void mistakeStopsTheStartUpWithAnAction(Mistake mistake) {
		this.contextRunner
			.withPropertyValues("statefun.failure.dead-letter.egress=", "statefun.failure.dead-letter.topic=")
			.withPropertyValues(mistake.properties())
			.run((context) -> {
				assertThat(context).hasFailed();
				Throwable failure = context.getStartupFailure();
				while (failure != null && !(failure instanceof FailureAnalyzedException)) {
					failure = failure.getCause();
				}
				assertThat(failure).isInstanceOfSatisfying(FailureAnalyzedException.class, (analyzed) -> {
					assertThat(analyzed.analysis().getDescription()).isEqualTo(mistake.description());
					assertThat(analyzed.analysis().getAction()).isEqualTo(mistake.action());
				});
			});
	}

	@Test
	void mistakeIsReportedByTheFailureAnalyzers(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setLazyInitialization(true);
		try {
			application.run("--statefun.functions.[test/two].failure.policy=skip").close();
			throw new AssertionError("started");
		}
		catch (RuntimeException ex) {
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("Description:")
				.contains("'statefun.functions' has settings for 'test/two', which is not served here.")
				.contains("Action:")
				.contains("Remove them, or give one of [test/annotated, test/by-method, test/one] in brackets")
				.doesNotContain("\tat dev.statefun");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "statefun.failure.policy=ignore", "statefun.failure.dead-letter.kind=kinesis",
			"statefun.failure.exceptions.[java.io.IOException]=ignore" })
	void unknownActionStopsTheStartUp(String property) {
		this.contextRunner.withPropertyValues(property).run((context) -> assertThat(context).hasFailed());
	}

	// Returns the decision on a message whose handler throws
	private static String decide(ApplicationContext context, String function, Throwable cause) {
		next = cause;
		return decide(context, ClusterRequest.v3(function, "joe").message(1));
	}

	private static String decide(ApplicationContext context, ClusterRequest request) {
		Decisions decisions = context.getBean(Decisions.class);
		decisions.last = "nothing";
		context.getBean(RequestReplyHandler.class).handle(request.toByteArray());
		return decisions.last;
	}

	private static ClusterRequest stateRequest(String function, String stored) {
		return ClusterRequest.v3(function, "joe").state("count", stored, ByteString.EMPTY).message(1);
	}

	private static FunctionHandler throwing() {
		return (context, message) -> {
			if (next instanceof Error error) {
				throw error;
			}
			throw (Exception) next;
		};
	}

	record Precedence(String decision, String function, String... properties) {

		static Precedence of(String decision, String function, String... properties) {
			return new Precedence(decision, function, properties);
		}

	}

	record Mistake(String description, String action, String... properties) {

		static Mistake of(String description, String action, String... properties) {
			return new Mistake(description, action, properties);
		}

	}

	static class Nested extends RuntimeException {

	}

	static class Decisions implements BatchListener {

		private String last = "nothing";

		@Override
		public void batchEnded(BatchReport report) {
		}

		@Override
		public void invocationFailed(FailedInvocation failed, FailureAction action) {
			if (action instanceof FailureAction.DeadLetterTo) {
				this.last = "dead-letter";
			}
			else {
				this.last = (action == FailureAction.skip()) ? "skip" : "retry";
			}
		}

	}

	@StatefulFunction(type = "test/annotated", onFailure = OnFailure.DEAD_LETTER)
	static class Annotated implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) throws Exception {
			throwing().handle(context, message);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		@StatefulFunction("test/one")
		FunctionHandler one() {
			return throwing();
		}

		@Bean
		Annotated annotated() {
			return new Annotated();
		}

		@Bean
		@StatefulFunction(type = "test/by-method", onFailure = OnFailure.DEAD_LETTER)
		FunctionHandler byMethod() {
			return throwing();
		}

	}

	/**
	 * Functions that read a state, and then fail for another reason.
	 */
	@Configuration(proxyBeanMethods = false)
	static class States {

		@StatefulFunction(type = "test/state", onFailure = OnFailure.SKIP)
		static class Plain {

			@Handler
			void on(int message, @Persisted("count") PersistedValue<Integer> count) {
				count.get();
				throw new IllegalStateException("read");
			}

		}

		@StatefulFunction(type = "test/wrapping-state", onFailure = OnFailure.SKIP)
		static class Wrapping {

			@Handler
			void on(int message, @Persisted("count") PersistedValue<Integer> count) {
				try {
					count.get();
				}
				catch (IllegalStateException ex) {
					throw new IllegalArgumentException("no count", ex);
				}
				throw new IllegalStateException("read");
			}

		}

		@StatefulFunction(type = "test/state-later", onFailure = OnFailure.SKIP)
		static class Later {

			@Handler
			CompletionStage<?> on(int message, @Persisted("count") PersistedValue<Integer> count) {
				return CompletableFuture.completedFuture(message).thenApply((ignored) -> {
					count.get();
					throw new IllegalStateException("read");
				});
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Proxies {

		@Bean
		@StatefulFunction("test/jdk-proxy")
		Declaring jdkProxy() {
			return proxyOf(new Undeclaring(), false);
		}

		@Bean
		@StatefulFunction("test/class-proxy")
		Undeclaring classProxy() {
			return proxyOf(new Undeclaring(), true);
		}

		@SuppressWarnings("unchecked")
		private static <T> T proxyOf(T target, boolean targetClass) {
			ProxyFactory factory = new ProxyFactory(target);
			factory.setProxyTargetClass(targetClass);
			return (T) factory.getProxy();
		}

	}

	interface Declaring {

		@Handler
		void on(int message);

	}

	static class Undeclaring implements Declaring {

		@Override
		@Handler
		public void on(int message) {
			throw undeclared(next);
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> RuntimeException undeclared(Throwable cause) throws E {
			throw (E) cause;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunFunctionSettingsAutoConfiguration.class })
	static class Application extends Functions {

	}

}
