package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.RuntimeVersion;
import com.google.protobuf.RuntimeVersion.RuntimeDomain;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.MessageValidator;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.validation.StatefunValidationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.scheduling.annotation.Async;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for the failure analyzers: what somebody reads whose application does not start.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzersTests {

	private static final String PACKAGE = StatefunAutoConfiguration.class.getPackageName();

	private static final String SELF = FailureAnalyzersTests.class.getName();

	private static final String FORM = "Write it in the form '<namespace>/<name>', with both parts non-empty.";

	private static final String PARAMETERS = "Keep one parameter for the message, "
			+ "besides Context and @Persisted PersistedValue parameters.";

	private static final String AWAITED = "Return void, a value to reply, an Optional or a CompletionStage of one.";

	private static final String NAMED = "Put @Persisted(\"<name>\") on it.";

	private static final String UNMAPPED = "Mark it with @MessageType(\"<namespace>/<name>\"), "
			+ "add a MessageCodec that takes it, or use a protobuf message, boolean, int, long, float, double, "
			+ "String or google.protobuf.Any instead.";

	private static final String ASYNC = "it is @Async, so it would still run when the batch has been answered, "
			+ "and its effects would be lost.";

	private static final String STAGE = "Remove @Async, and return a CompletionStage.";

	private static final String MILLISECOND = "Give a time of at least one millisecond.";

	private static final String TIME = "Give a number with a unit (ms, s, m, h or d), or an ISO-8601 duration.";

	private static final String UNMAPPED_RESULT = UNMAPPED
			+ " Return 'Object' if only the result itself tells its type.";

	private static final String COLLECTION = "Put it into a record marked @MessageType(\"<namespace>/<name>\"); "
			+ "the Spring Boot starter also keeps it as a state that has a type name, "
			+ "@Persisted(type = \"<namespace>/<name>\").";

	private static final String FREE_PATH = "Set 'statefun.path' to a free path, or map the other handler elsewhere.";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				StatefunAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class,
				StatefunJacksonAutoConfiguration.class, JacksonAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class));

	static Stream<Failure> failures() {
		return Stream.of(
				// Function types
				Failure.of(NoSlash.class, "Bean '%s': Function type 'no-slash' is not valid.", FORM),
				Failure.of(Empty.class, "Bean '%s': Function type '' is not valid.", FORM),
				Failure.of(BlankNamespace.class, "Bean '%s': Function type ' /name' is not valid.", FORM),
				Failure.of(BlankName.class, "Bean '%s': Function type 'test/ ' is not valid.", FORM),
				Failure.of(NoName.class, "Bean '%s': Function type 'test/' is not valid.", FORM),
				Failure.of(NoNamespace.class, "Bean '%s': Function type '/name' is not valid.", FORM),
				Failure.of(UnresolvableState.class,
						served("handler 'UnresolvableState.on(int, PersistedValue)': Text '${no.such}' has a "
								+ "placeholder that can't be resolved."),
						"Set the property that it names, or give it a default."),
				Failure.of(Unresolvable.class,
						"Bean '%s': Function type '${no.such}/name' has a placeholder that can't be resolved.",
						"Set the property that it names, or give it a default."),
				// Signatures
				Failure.of(StaticHandler.class, served("handler 'StaticHandler.on(int)' is static."),
						"Make it an instance method."),
				Failure.of(NoMessage.class,
						served("handler 'NoMessage.on(Context, PersistedValue)' has no parameter for the message."),
						PARAMETERS),
				Failure.of(TwoMessages.class,
						served("handler 'TwoMessages.on(int, String)' has two parameters that could be the message, "
								+ "of the types 'int' and 'java.lang.String'."),
						PARAMETERS),
				Failure.of(ReturnsFuture.class,
						served("result of handler 'ReturnsFuture.on(int)': 'java.util.concurrent.Future' is never "
								+ "waited for."),
						AWAITED),
				Failure.of(ReturnsStream.class,
						served("result of handler 'ReturnsStream.on(int)': 'java.util.stream.Stream' is never "
								+ "waited for."),
						AWAITED),
				Failure.of(ReturnsPublisher.class, served(
						"result of handler 'ReturnsPublisher.on(int)': 'java.util.concurrent.Flow$Publisher' is never "
								+ "waited for."),
						AWAITED),
				Failure.of(UnnamedState.class,
						served("handler 'UnnamedState.on(int, PersistedValue)' has a PersistedValue parameter "
								+ "without a name."),
						NAMED),
				Failure.of(BareState.class,
						served("handler 'BareState.on(int, Integer)' has a @Persisted parameter of the type "
								+ "'java.lang.Integer'."),
						"Declare it as PersistedValue<Integer>."),
				Failure.of(RawState.class,
						served("handler 'RawState.on(int, PersistedValue)' has a @Persisted parameter of the type "
								+ "'dev.statefun.sdk.PersistedValue'."),
						"Declare it as PersistedValue<T> with a type for T."),
				Failure.of(ListState.class,
						served("state 'total': No mapping for type 'java.util.List<java.lang.String>'."), COLLECTION),
				Failure.of(UnknownState.class,
						served("handler 'UnknownState.on(int, PersistedValue)': state 'total': Java does not know what "
								+ "'?' is."),
						"Declare a type that has no type variables, '?' or arrays of such types in it."),
				Failure.of(RawMessage.class,
						served("handler 'RawMessage.on(Page)': '" + SELF + "$Page' has no type arguments."),
						"Declare them, as in 'Page<String>'."),
				Failure.of(TwoPages.class,
						served("handler 'TwoPages.second(Page)': Message type 'test/Page' is the name of '" + SELF
								+ "$Page<java.lang.Integer>' and of '" + SELF + "$Page<java.lang.String>'."),
						"Give each type a name of its own."),
				// Handlers
				Failure.of(Ambiguous.class,
						served("handlers 'Ambiguous.first(int)' and 'Ambiguous.second(int)' both take messages of the "
								+ "type 'io.statefun.types/int'."),
						"Keep one handler for each type."),
				Failure.of(TwoFallbacks.class,
						served("handlers 'TwoFallbacks.first(Any)' and 'TwoFallbacks.second(Any)' both take messages "
								+ "of the type 'google.protobuf.Any'."),
						"Keep one handler for each type."),
				Failure.of(OneNameTwoTypes.class,
						served("handler 'OneNameTwoTypes.two(Two)': Message type 'test/Same' is the name of '" + SELF
								+ "$One' and of '" + SELF + "$Two'."),
						"Give each type a name of its own."),
				Failure.of(NoHandlers.class,
						served("class '" + SELF + "$NoHandlers' has no @Handler method and is no FunctionHandler."),
						"Add a method with @Handler, or implement FunctionHandler."),
				Failure.of(TwoForms.class,
						served("class '" + SELF + "$TwoForms' is a FunctionHandler and has @Handler methods."),
						"Keep one or the other."),
				Failure.of(AsyncHandler.class, served("handler 'AsyncHandler.on(int)' can't be called: " + ASYNC),
						STAGE),
				Failure.of(AsyncUntyped.class,
						served("handler 'AsyncUntyped.handle(Context, Any)' can't be called: " + ASYNC), STAGE),
				new Failure("final handler behind a proxy", ProxiedFinal.class,
						"Bean 'function' can't be served as a stateful function: handler 'FinalHandler.on(int)' can't "
								+ "be called: it is final, so the bean's proxy can't pass calls on.",
						"Remove 'final'."),
				new Failure("JDK proxy", ProxiedByInterface.class,
						"Bean 'function' can't be served as a stateful function: handler 'Unexposed.on(int)' can't be "
								+ "called: the bean is a JDK proxy, and none of its interfaces has the method.",
						"Declare the method in an interface of the bean, or let the proxy extend the class "
								+ "(spring.aop.proxy-target-class=true)."),
				// States
				Failure.of(ReservedState.class,
						served("handler 'ReservedState.on(int, PersistedValue)': State name 'batch' is used by the "
								+ "cluster itself, so the state would fail the job."),
						"Choose another name for the state."),
				Failure.of(BlankState.class,
						served("handler 'BlankState.on(int, PersistedValue)': The name of a state is blank."),
						"Give the state a name."),
				Failure.of(ZeroTtl.class,
						served("handler 'ZeroTtl.on(int, PersistedValue)': A state can't expire after PT0S."),
						MILLISECOND),
				Failure.of(NegativeTtl.class,
						served("handler 'NegativeTtl.on(int, PersistedValue)': A state can't expire after PT-1S."),
						MILLISECOND),
				Failure.of(UnreadableTtl.class,
						served("handler 'UnreadableTtl.on(int, PersistedValue)': 'soon' is no time to live."), TIME),
				Failure.of(TwoTtls.class,
						served("handler 'TwoTtls.on(int, PersistedValue)': State 'total' has both 'expireAfterWrite' "
								+ "and 'expireAfterCall'."),
						"Give one of them."),
				Failure.of(BadStateTypename.class, served(
						"handler 'BadStateTypename.on(int, PersistedValue)': State 'total' has the type 'a/b/c', "
								+ "which would fail the job."),
						"Give its type a name of the form '<namespace>/<name>', with exactly one '/'."),
				Failure.of(TwoStateTypes.class,
						served("state 'total' is declared in two ways, as state 'total' of type 'java.lang.Integer' "
								+ "and as state 'total' of type 'java.lang.Long'."),
						"Declare it in the same way everywhere, or give one of the states another name."),
				// Mappings
				Failure.of(UnmappedMessage.class,
						served("handler 'UnmappedMessage.on(URI)': No mapping for type " + "'java.net.URI'."),
						UNMAPPED),
				Failure.of(UnmappedState.class, served("state 'total': No mapping for type 'java.net.URI'."), UNMAPPED),
				Failure.of(UnmappedResult.class,
						served("result of handler 'UnmappedResult.on(int)': No mapping for type 'java.net.URI'."),
						UNMAPPED_RESULT),
				Failure.of(UnmappedStage.class,
						served("result of handler 'UnmappedStage.on(int)': No mapping for type 'java.net.URI'."),
						UNMAPPED_RESULT),
				Failure.of(BadMessageType.class,
						served("handler 'BadMessageType.on(Nameless)': Type '" + SELF
								+ "$Nameless' is mapped to the message type 'nameless'."),
						"Give it a name of the form '<namespace>/<name>', with both parts non-empty."),
				Failure.of(InheritedMessageType.class,
						served("handler 'InheritedMessageType.on(Kind)': Type '" + SELF
								+ "$Kind' has its @MessageType from '" + SELF
								+ "$Marked', which does not distinguish its subtypes."),
						"Put @MessageType on 'Kind' itself, or @JsonTypeInfo on 'Marked'."),
				new Failure("several mappers", SeveralMappers.class,
						"Bean '" + SELF + "$TakesJson' can't be served as a stateful function: "
								+ "handler 'TakesJson.on(One)': There are several JsonMapper beans, "
								+ "and none of them is the one for messages and states.",
						"Mark one of them with @Qualifier(\"statefun\"), or with @Primary."),
				// By code
				new Failure("duplicate", Duplicates.class,
						"Function 'test/same' is declared by bean 'first' and by bean 'second'.",
						"Give one of them another function type, or remove one."),
				new Failure("bean and customizer", BeanAndCustomizer.class,
						"Function 'test/same' is declared by bean 'first' and by handler "
								+ "'lambda in FailureAnalyzersTests$BeanAndCustomizer'.",
						"Give one of them another function type, or remove one."),
				new Failure("bad type by code", BadTypeByCode.class, "Function type 'no-slash' is not valid.", FORM),
				new Failure("state twice by code", StateTwiceByCode.class,
						"Function 'test/code' declares state 'total' twice.", "Give one of the states another name."),
				new Failure("ttl by code", TtlByCode.class, "A state can't expire after PT0S.", MILLISECOND),
				new Failure("reserved state by code", ReservedByCode.class,
						"State name 'request-state' is used by the cluster itself, so the state would fail the job.",
						"Choose another name for the state."),
				new Failure("unmapped state by code", UnmappedByCode.class,
						"Handler 'lambda in FailureAnalyzersTests$UnmappedByCode' can't be served as a stateful function: state 'total': "
								+ "No mapping for type 'java.net.URI'.",
						UNMAPPED),
				// Protobuf
				new Failure("generated for a newer protobuf", LoadsNewer.class,
						"A generated protobuf class can't be loaded: Detected incompatible Protobuf Gencode/Runtime "
								+ "versions when loading Newer: gencode " + RuntimeVersion.OSS_MAJOR + ".99.0, runtime "
								+ ProtobufVersionTests.runtimeVersion()
								+ ". Runtime version cannot be older than the linked gencode version.",
						"Generate the class with the protoc of the protobuf-java version that runs here (with Spring "
								+ "Boot's parent: protocVersion ${protobuf-java.version}), or set the property "
								+ "'protobuf-java.version' to protoc's version."),
				// Spring Boot; FormerSpringBootTests starts an application on one
				new Failure("former Spring Boot", OnFormerSpringBoot.class,
						"The application runs on Spring Boot 4.0.9; stateful functions need Spring Boot 4.1 or newer.",
						"Set the version of Spring Boot to 4.1 or newer: that of the parent "
								+ "'spring-boot-starter-parent', of the imported 'spring-boot-dependencies', or of the "
								+ "Gradle plugin 'org.springframework.boot'."),
				// Paths
				new Failure("controller on POST", PostController.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to " + SELF
								+ "$PostController#post() as well.",
						FREE_PATH),
				new Failure("controller on any method", AnyController.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to " + SELF
								+ "$AnyController#any() as well.",
						FREE_PATH),
				new Failure("URL mapping", UrlMapping.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to a handler of bean 'otherMapping' as well.",
						FREE_PATH));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsToldInWords(Failure failure) {
		this.contextRunner.withUserConfiguration(failure.configuration()).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).isEqualTo(failure.description());
			assertThat(analysis.getAction()).isEqualTo(failure.action());
		});
	}

	static Stream<Failure> validationFailures() {
		String marked = "Bean '%s' can't be served as a stateful function: handler 'Validated.on(int)': "
				+ "the message is marked with @Valid, but ";
		String imported = marked.replace("%s", Validated.class.getName());
		return Stream.of(
				Failure.of(Validated.class, marked + "there is no Validator bean.",
						"Add the dependency 'org.springframework.boot:spring-boot-starter-validation', or declare a "
								+ "MessageValidator bean."),
				Failure.of(TwoValidators.class,
						imported + "there are several Validator beans, [first, second], and none of them is primary.",
						"Mark one of them with @Primary, or declare a MessageValidator bean."),
				Failure.of(TwoMessageValidators.class, imported
						+ "there are several MessageValidator beans, [first, second], and none of them is primary.",
						"Mark one of them with @Primary."),
				Failure.of(NeitherOfBoth.class, imported + "there is no MessageValidator bean.",
						"Declare one, or let StatefunValidationAutoConfiguration declare it: it uses the Validator bean "
								+ "'validator'."));
	}

	@ParameterizedTest
	@MethodSource("validationFailures")
	void validMessageThatNothingWouldValidateIsToldInWords(Failure failure) {
		WebApplicationContextRunner runner = (failure.configuration() == NeitherOfBoth.class) ? this.contextRunner
				: this.contextRunner
					.withConfiguration(AutoConfigurations.of(StatefunValidationAutoConfiguration.class));
		runner.withUserConfiguration(failure.configuration()).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).isEqualTo(failure.description());
			assertThat(analysis.getAction()).isEqualTo(failure.action());
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoValidators.class, TwoMessageValidators.class })
	void validatorsThatNoHandlerAsksForAreNoMistake(Class<?> validators) {
		this.contextRunner.withConfiguration(AutoConfigurations.of(StatefunValidationAutoConfiguration.class))
			.withUserConfiguration(validators)
			.withBean(ValidationIsUnused.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void applicationThatDoesNotStartPrintsTheAnalysis(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class, StaticHandler.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try {
			application.run().close();
			throw new AssertionError("started");
		}
		catch (RuntimeException ex) {
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(String.format(
						"Description:%n%nBean '%s' can't be served as a stateful function: handler "
								+ "'StaticHandler.on(int)' is static.%n%nAction:%n%nMake it an instance method.%n",
						nameOf(StaticHandler.class)))
				.doesNotContain("\tat dev.statefun");
		}
	}

	@Test
	void controllerThatOnlyGetsIsNoConflict() {
		this.contextRunner.withUserConfiguration(GetController.class, Counter.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(GetController.class));
	}

	@Test
	void conflictIsSolvedByAnotherPath() {
		this.contextRunner.withUserConfiguration(PostController.class, Counter.class)
			.withPropertyValues("statefun.path=/functions")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void conflictWithAConfiguredPathIsTold() {
		this.contextRunner.withUserConfiguration(OtherController.class)
			.withPropertyValues("statefun.path=/other")
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(analysis.getDescription())
					.isEqualTo("Path '/other' is the endpoint for StateFun clusters, but is mapped to " + SELF
							+ "$OtherController#post() as well.");
			});
	}

	@Test
	void otherFailuresAreLeftToOthers() {
		for (FailureAnalyzer analyzer : own()) {
			assertThat(analyzer.analyze(new IllegalArgumentException("other"))).isNull();
		}
	}

	@Test
	void everyAnalyzerIsListedAndEveryListedOneIsThere() throws Exception {
		Path classes = Path
			.of(DuplicateFunctionFailureAnalyzer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		try (Stream<Path> files = Files.walk(classes)) {
			List<String> found = files.map((file) -> classes.relativize(file).toString())
				.filter((name) -> name.endsWith("FailureAnalyzer.class"))
				.map((name) -> name.replace('/', '.').replaceAll("\\.class$", ""))
				.toList();
			assertThat(found).hasSizeGreaterThan(4).containsExactlyInAnyOrderElementsOf(listed(classes));
		}
		assertThat(own()).extracting((analyzer) -> analyzer.getClass().getName())
			.containsExactlyElementsOf(listed(classes));
	}

	@Test
	void everyListedAnalyzerExplainsARow() {
		List<String> used = failures().map((failure) -> nameOfAnalyzer(failure)).distinct().toList();
		assertThat(own()).extracting((analyzer) -> analyzer.getClass().getSimpleName())
			.containsExactlyInAnyOrderElementsOf(used);
	}

	private String nameOfAnalyzer(Failure failure) {
		StringBuilder name = new StringBuilder();
		this.contextRunner.withUserConfiguration(failure.configuration()).run((context) -> {
			for (FailureAnalyzer analyzer : all()) {
				if (analyzer.analyze(Objects.requireNonNull(context.getStartupFailure())) != null) {
					name.append(analyzer.getClass().getSimpleName());
					break;
				}
			}
		});
		return name.toString();
	}

	private static List<String> listed(Path classes) throws IOException {
		return List.of(PropertiesLoaderUtils
			.loadProperties(new FileSystemResource(classes.resolve("META-INF/spring.factories")))
			.getProperty(FailureAnalyzer.class.getName())
			.split(","));
	}

	private static String served(String problem) {
		return "Bean '%s' can't be served as a stateful function: " + problem;
	}

	private static String nameOf(Class<?> type) {
		return "failureAnalyzersTests." + type.getSimpleName();
	}

	// As Boot does it: the first that knows the failure
	static FailureAnalysis analyze(Throwable failure) {
		for (FailureAnalyzer analyzer : all()) {
			FailureAnalysis analysis = analyzer.analyze(failure);
			if (analysis != null) {
				return analysis;
			}
		}
		throw new AssertionError("not explained", failure);
	}

	private static List<FailureAnalyzer> all() {
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.ArgumentResolver
						.of(BeanFactory.class, new StaticApplicationContext().getBeanFactory())
						.and(Environment.class, new StandardEnvironment()));
	}

	private static List<FailureAnalyzer> own() {
		return all().stream().filter((analyzer) -> analyzer.getClass().getName().startsWith(PACKAGE)).toList();
	}

	record Failure(String name, Class<?> configuration, String description, String action) {

		static Failure of(Class<?> configuration, String description, String action) {
			return new Failure(configuration.getSimpleName(), configuration,
					description.replace("%s", nameOf(configuration)), action);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	@StatefulFunction("test/validated")
	static class Validated {

		@Handler
		void on(@Valid int message) {
		}

	}

	/**
	 * Removes the function whose messages have to be valid.
	 */
	static class ValidationIsUnused implements BeanDefinitionRegistryPostProcessor {

		@Override
		public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
			registry.removeBeanDefinition(Validated.class.getName());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class TwoValidators {

		@Bean
		Validator first() {
			return mock(Validator.class);
		}

		@Bean
		Validator second() {
			return mock(Validator.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class TwoMessageValidators {

		@Bean
		MessageValidator first() {
			return mock(MessageValidator.class);
		}

		@Bean
		MessageValidator second() {
			return mock(MessageValidator.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(Validated.class)
	static class NeitherOfBoth {

		@Bean
		Validator validator() {
			return mock(Validator.class);
		}

	}

	@StatefulFunction("no-slash")
	static class NoSlash {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("")
	static class Empty {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction(" /name")
	static class BlankNamespace {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/ ")
	static class BlankName {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/")
	static class NoName {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("/name")
	static class NoNamespace {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/function")
	static class UnresolvableState {

		@Handler
		void on(int message, @Persisted("${no.such}") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("${no.such}/name")
	static class Unresolvable {

		@Handler
		void on(Any message) {
		}

	}

	@StatefulFunction("test/function")
	static class StaticHandler {

		@Handler
		static void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class NoMessage {

		@Handler
		void on(Context context, @Persisted("total") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoMessages {

		@Handler
		void on(int message, String other) {
		}

	}

	@StatefulFunction("test/function")
	static class ReturnsFuture {

		@Handler
		@Nullable Future<Integer> on(int message) {
			return null;
		}

	}

	@StatefulFunction("test/function")
	static class ReturnsStream {

		@Handler
		Stream<Integer> on(int message) {
			return Stream.of(message);
		}

	}

	@StatefulFunction("test/function")
	static class ReturnsPublisher {

		@Handler
		Flow.@Nullable Publisher<Integer> on(int message) {
			return null;
		}

	}

	@StatefulFunction("test/function")
	static class UnnamedState {

		@Handler
		void on(int message, PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BareState {

		@Handler
		void on(int message, @Persisted("total") Integer total) {
		}

	}

	@StatefulFunction("test/function")
	static class RawState {

		@Handler
		@SuppressWarnings("rawtypes")
		void on(int message, @Persisted("total") PersistedValue total) {
		}

	}

	/**
	 * Does what Java does with a class that protoc has generated for a newer protobuf.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OnFormerSpringBoot {

		@Bean
		String former() {
			SpringBootVersionCheck.require("4.0.9");
			return "accepted";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LoadsNewer {

		@Bean
		String newer() {
			try {
				RuntimeVersion.validateProtobufGencodeVersion(RuntimeDomain.PUBLIC, RuntimeVersion.OSS_MAJOR, 99, 0, "",
						"Newer");
				return "loaded";
			}
			catch (RuntimeException ex) {
				throw new ExceptionInInitializerError(ex);
			}
		}

	}

	@StatefulFunction("test/function")
	static class UnknownState {

		@Handler
		void on(int number, @Persisted("total") PersistedValue<?> total) {
		}

	}

	@MessageType("test/Page")
	record Page<T>(List<T> items) {

	}

	@StatefulFunction("test/function")
	static class RawMessage {

		@Handler
		@SuppressWarnings("rawtypes")
		void on(Page page) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoPages {

		@Handler
		void first(Page<Integer> page) {
		}

		@Handler
		void second(Page<String> page) {
		}

	}

	@StatefulFunction("test/function")
	static class ListState {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<List<String>> total) {
		}

	}

	@StatefulFunction("test/function")
	static class Ambiguous {

		@Handler
		void first(int message) {
		}

		@Handler
		void second(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoFallbacks {

		@Handler
		void first(Any message) {
		}

		@Handler
		void second(Any message) {
		}

	}

	@StatefulFunction("test/function")
	static class OneNameTwoTypes {

		@Handler
		void one(One message) {
		}

		@Handler
		void two(Two message) {
		}

	}

	@StatefulFunction("test/function")
	static class NoHandlers {

		void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoForms implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
		}

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class AsyncHandler {

		@Async
		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/function")
	static class AsyncUntyped implements FunctionHandler {

		@Async
		@Override
		public void handle(Context context, Any message) {
		}

	}

	static class FinalHandler {

		@Handler
		final void on(int message) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedFinal {

		@Bean
		@StatefulFunction("test/function")
		Object function() {
			ProxyFactory factory = new ProxyFactory(new FinalHandler());
			factory.setProxyTargetClass(true);
			return factory.getProxy();
		}

	}

	static class Unexposed implements Runnable {

		@Handler
		void on(int message) {
		}

		@Override
		public void run() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedByInterface {

		@Bean
		@StatefulFunction("test/function")
		Object function() {
			return new ProxyFactory(new Unexposed()).getProxy();
		}

	}

	@StatefulFunction("test/function")
	static class ReservedState {

		@Handler
		void on(int message, @Persisted("batch") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BlankState {

		@Handler
		void on(int message, @Persisted(" ") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class ZeroTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "0s") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class NegativeTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterCall = "PT-1S") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnreadableTtl {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "soon") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoTtls {

		@Handler
		void on(int message, @Persisted(value = "total", expireAfterWrite = "1s",
				expireAfterCall = "1s") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class BadStateTypename {

		@Handler
		void on(int message, @Persisted(value = "total", type = "a/b/c") PersistedValue<Integer> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedState {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<URI> total) {
		}

	}

	@StatefulFunction("test/function")
	static class TwoStateTypes {

		@Handler
		void on(int message, @Persisted("total") PersistedValue<Integer> total) {
		}

		@Handler
		void on(long message, @Persisted("total") PersistedValue<Long> total) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedMessage {

		@Handler
		void on(URI message) {
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedResult {

		@Handler
		URI on(int message) {
			return URI.create("/");
		}

	}

	@StatefulFunction("test/function")
	static class UnmappedStage {

		@Handler
		CompletionStage<URI> on(int message) {
			return CompletableFuture.completedFuture(URI.create("/"));
		}

	}

	@StatefulFunction("test/function")
	static class BadMessageType {

		@Handler
		void on(Nameless message) {
		}

	}

	@StatefulFunction("test/function")
	static class InheritedMessageType {

		@Handler
		void on(Kind message) {
		}

	}

	@StatefulFunction("test/function")
	static class TakesJson {

		@Handler
		void on(One message) {
		}

	}

	@StatefulFunction("test/same")
	static class Counter {

		@Handler
		void on(int message) {
		}

	}

	@MessageType("test/Same")
	record One(String text) {

	}

	@MessageType("test/Same")
	record Two(String text) {

	}

	@MessageType("nameless")
	record Nameless(String text) {

	}

	@MessageType("test/Marked")
	interface Marked {

	}

	record Kind(String text) implements Marked {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(TakesJson.class)
	static class SeveralMappers {

		@Bean
		JsonMapper first() {
			return new JsonMapper();
		}

		@Bean
		JsonMapper second() {
			return new JsonMapper();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Duplicates {

		@Bean
		@StatefulFunction("test/same")
		Counter first() {
			return new Counter();
		}

		@Bean
		@StatefulFunction("test/same")
		Counter second() {
			return new Counter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BeanAndCustomizer {

		@Bean
		@StatefulFunction("test/same")
		Counter first() {
			return new Counter();
		}

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("test/same"), (context, message) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BadTypeByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("no-slash"), (context, message) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StateTwiceByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state("total", Integer.class).state("total", Long.class),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TtlByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state("total", Integer.class, Expiration.afterWrite(Duration.ZERO)),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReservedByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(
					FunctionSpec.of("test/code").state(ValueSpec.of("request-state", Integer.class)),
					(context, message) -> {
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnmappedByCode {

		@Bean
		StatefulFunctionsCustomizer customizer() {
			return (functions) -> functions.register(FunctionSpec.of("test/code").state("total", URI.class),
					(context, message) -> {
					});
		}

	}

	@RestController
	static class PostController {

		@PostMapping("/statefun")
		String post() {
			return "";
		}

	}

	@RestController
	static class AnyController {

		@RequestMapping("/statefun")
		String any() {
			return "";
		}

	}

	@RestController
	static class GetController {

		@GetMapping("/statefun")
		String get() {
			return "";
		}

	}

	@RestController
	static class OtherController {

		@PostMapping("/other")
		String post() {
			return "";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UrlMapping {

		@Bean
		HttpRequestHandler other() {
			return new OtherRequestHandler();
		}

		@Bean
		SimpleUrlHandlerMapping otherMapping() {
			return new SimpleUrlHandlerMapping(Map.of("/statefun", "other"));
		}

	}

	static class OtherRequestHandler implements HttpRequestHandler {

		@Override
		public void handleRequest(HttpServletRequest request, HttpServletResponse response) {
		}

		@Override
		public String toString() {
			return "other";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(StatefunAutoConfiguration.class)
	static class Application {

	}

}
