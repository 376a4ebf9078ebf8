package dev.statefun.spring.boot.autoconfigure.module;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.module.ModuleFinding;
import dev.statefun.module.ModuleFormat;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.module.settings.Credentials;
import dev.statefun.module.settings.KafkaEgress;
import dev.statefun.module.settings.KafkaIngress;
import dev.statefun.module.settings.KinesisEgress;
import dev.statefun.module.settings.KinesisIngress;
import dev.statefun.module.settings.Region;
import dev.statefun.module.settings.Route;
import dev.statefun.module.settings.StartupPosition;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.actuate.StatefunModuleEndpoint;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunEgressAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatefunModuleAutoConfiguration} and
 * {@link StatefunActuatorAutoConfiguration}.
 */
class StatefunModuleAutoConfigurationTests {

	private static final String SECRET = "q7Rk2vXw-0123456789.abcdef~";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunModuleAutoConfiguration.class,
				StatefunActuatorAutoConfiguration.class))
		.withUserConfiguration(Functions.class);

	@Test
	void generatorAndVerifierAgree() {
		this.contextRunner
			.withPropertyValues("statefun.module.endpoint=http://cart:8080", "statefun.path=/fn",
					"statefun.failure.dead-letter.egress=ops/dlq", "statefun.module.kafka.address=kafka:9092")
			.run((context) -> {
				ModuleGenerator generator = context.getBean(ModuleGenerator.class);
				ModuleVerifier verifier = context.getBean(ModuleVerifier.class);
				for (ModuleFormat format : ModuleFormat.values()) {
					String text = generator.generate(format);
					assertThat(text).contains("http://cart:8080/fn").contains("ops/dlq");
					assertThat(verifier.verify(text).findings()).isEmpty();
				}
			});
	}

	@ParameterizedTest
	@CsvSource({ "apache-3.3, V3", "apache-2.2, V2", "kzmlabs, V3", "fransking, V3" })
	void formatFollowsFromTheRuntime(String runtime, ModuleFormat format) {
		this.contextRunner.withPropertyValues("statefun.module.runtime=" + runtime).run((context) -> {
			StatefunModuleProperties properties = context.getBean(StatefunModuleProperties.class);
			assertThat(properties.runtime()).hasToString(runtime);
			assertThat(properties.formatToWrite()).isEqualTo(format);
		});
		this.contextRunner.withPropertyValues("statefun.module.runtime=" + runtime, "statefun.module.format=" + format)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void formatOfAnotherRuntimeStopsTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.module.runtime=kzmlabs", "statefun.module.format=v2")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(FailureAnalyzedException.class,
						(failure) -> assertThat(failure.analysis().getAction())
							.isEqualTo("Remove 'statefun.module.format', which follows from 'statefun.module.runtime', "
									+ "or correct the runtime."))
				.hasMessage("Found 'statefun.module.format' with 'v2' for the runtime 'kzmlabs'; expected 'v3', as it "
						+ "reads no other form."));
	}

	@Test
	void keysOfRuntimesAreBoundWrittenAndVerified() {
		this.contextRunner
			.withPropertyValues("statefun.module.endpoint=http://cart:8080", "statefun.module.runtime=kzmlabs",
					"statefun.module.kafka.address=kafka:9092", "statefun.module.kafka.ingresses[0].id=shop/items",
					"statefun.module.kafka.ingresses[0].consumer-group-id=cart",
					"statefun.module.kafka.ingresses[0].topics[0].name=items",
					"statefun.module.kafka.ingresses[0].topics[0].value-type=shop/AddItem",
					"statefun.module.kafka.ingresses[0].topics[0].targets=shop/cart",
					"statefun.module.kafka.ingresses[0].forward-headers=true",
					"statefun.module.kafka.ingresses[0].invalid-record-handling=fail")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(text).contains("forwardHeaders: true\n")
					.contains("invalidRecordHandling:\n    type: fail\n");
				assertThat(context.getBean(ModuleVerifier.class).verify(text).findings()).isEmpty();
			});
		this.contextRunner
			.withPropertyValues("statefun.module.endpoint=http://cart:8080", "statefun.module.runtime=fransking",
					"statefun.module.failure-mode=drop")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(text).contains("failureMode: DROP\n");
				assertThat(context.getBean(ModuleVerifier.class).verify(text).findings()).isEmpty();
			});
	}

	@Test
	void pathIncludesTheServletPath() {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(StatefunWebMvcAutoConfiguration.class,
					DispatcherServletAutoConfiguration.class))
			.withPropertyValues("statefun.module.endpoint=http://cart:8080", "server.servlet.context-path=/app",
					"spring.mvc.servlet.path=/mvc/")
			.run((context) -> assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
				.contains("urlPathTemplate: http://cart:8080/app/mvc/statefun\n"));
	}

	@Test
	void secretIsInTheFileButNotInTheActuatorEndpoint() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=statefunmodule",
				"statefun.module.endpoint=http://cart:8080", "statefun.path=/fn", "statefun.security.secret=" + SECRET)
			.run((context) -> {
				ModuleVerifier verifier = context.getBean(ModuleVerifier.class);
				for (ModuleFormat format : ModuleFormat.values()) {
					String text = context.getBean(ModuleGenerator.class).generate(format);
					assertThat(text).contains(": http://cart:8080/fn/" + SECRET + "\n");
					assertThat(verifier.verify(text).findings()).isEmpty();
					assertThat(context.getBean(StatefunModuleEndpoint.class).module(format))
						.contains(": http://cart:8080/fn/******\n")
						.doesNotContain(SECRET);
				}
			});
	}

	@Test
	void secretComesFromTheSecurityProperties() {
		this.contextRunner
			.withBean(EndpointRestrictions.class,
					() -> new EndpointRestrictions(false, null, EndpointSecret.of(SECRET)))
			.withPropertyValues("statefun.module.endpoint=http://cart:8080",
					"statefun.security.secret=another-secret-16")
			.run((context) -> assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
				.contains("urlPathTemplate: http://cart:8080/statefun/" + SECRET + "\n"));
	}

	@Test
	void invalidModuleSecretIsRejectedWithoutBeingShown() {
		this.contextRunner.withPropertyValues("statefun.security.secret=short/one")
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> context.getBean(ModuleGenerator.class))
				.havingRootCause()
				.isInstanceOf(FailureAnalyzedException.class)
				.withMessageStartingWith("'statefun.security.secret' has a character that a URL does not hold"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", value = { "server.port=9090 | - | - | http://localhost:9090/statefun",
			"server.port=9090 | statefun.server.port=9443 | - | http://localhost:9443/statefun",
			"server.port=9090 | statefun.server.port=9443 | statefun.server.ssl.bundle=x | https://localhost:9443/statefun",
			"server.port=8443 | server.ssl.bundle=x | - | https://localhost:8443/statefun",
			"server.port=8443 | server.ssl.key-store=x.p12 | - | https://localhost:8443/statefun",
			"server.port=8443 | server.ssl.bundle=x | server.ssl.enabled=false | http://localhost:8443/statefun",
			"server.ssl.bundle=x | statefun.server.port=9443 | - | http://localhost:9443/statefun",
			"server.port=0 | local.server.port=40001 | - | http://localhost:40001/statefun",
			"statefun.server.port=0 | local.statefun.port=40002 | - | http://localhost:40002/statefun",
			"statefun.server.port=0 | - | - | http://localhost:8080/statefun",
			"statefun.server.port=9443 | statefun.module.endpoint=http://cart:80 | - | http://cart:80/statefun" })
	void portIsTheEndpointsPort(String one, @Nullable String two, @Nullable String three, String url) {
		this.contextRunner
			.withPropertyValues(Stream.of(one, two, three).filter(Objects::nonNull).toArray(String[]::new))
			.run((context) -> assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
				.contains("urlPathTemplate: " + url + "\n"));
	}

	@Test
	void verifierKnowsThePorts() {
		this.contextRunner
			.withPropertyValues("server.port=9090", "statefun.server.port=9443",
					"statefun.module.endpoint=http://cart:9090")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(context.getBean(ModuleVerifier.class).verify(text).findings())
					.extracting(ModuleFinding::kind)
					.containsExactly(ModuleFinding.Kind.WRONG_PORT);
			});
	}

	@Test
	void verifierKnowsTheTimeoutAndTheEgresses() {
		this.contextRunner
			.withPropertyValues("statefun.batch-timeout=70s", "statefun.failure.dead-letter.egress=ops/dlq",
					"statefun.functions.[shop/cart].failure.dead-letter.egress=ops/own",
					"statefun.module.kinesis.egresses[0].id=ops/kinesis",
					"statefun.module.kafka.egresses[0].id=ops/kafka")
			.run((context) -> assertThat(context.getBean(ModuleVerifier.class).verify("""
					version: "2.0"
					module:
					  meta: {type: remote}
					  spec:
					    functions:
					      - function:
					          meta: {kind: http, type: shop/cart}
					          spec: {endpoint: 'http://cart:8080/statefun'}
					""").findings()).extracting(ModuleFinding::found)
				.containsExactly("no egress 'ops/dlq'", "no egress 'ops/own'", "no egress 'ops/kafka'",
						"no egress 'ops/kinesis'", "a call timeout of 1min"));
	}

	@Test
	void moduleHasTheTypedEgresses() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(StatefunEgressAutoConfiguration.class))
			.withPropertyValues("statefun.module.kafka.address=kafka:9092", "statefun.egresses.orders.type=kafka",
					"statefun.egresses.orders.id=shop/orders", "statefun.egresses.orders.topic=orders",
					"statefun.egresses.audit.type=kinesis", "statefun.egresses.audit.id=shop/audit",
					"statefun.egresses.audit.stream=audit")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(text).contains("id: shop/orders\n", "id: shop/audit\n");
				ModuleVerifier verifier = context.getBean(ModuleVerifier.class);
				assertThat(verifier.verify(text).errors()).isEmpty();
				assertThat(verifier.verify(text.replace("shop/orders", "shop/order")).errors())
					.extracting(ModuleFinding::found)
					.containsExactly("no egress 'shop/orders'");
			});
	}

	@ParameterizedTest
	@CsvSource({ "statefun.batch-timeout=20s, 25s", "statefun.batch-timeout=0, 10s" })
	void readTimeoutFollowsTheBatchTimeout(String property, String read) {
		this.contextRunner.withPropertyValues(property).run((context) -> {
			String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V2);
			assertThat(text).contains("timeout: \"1min\"\n").contains("readTimeout: \"" + read + "\"\n");
		});
	}

	@Test
	void egressesDefinedInClusterCodeAreNotExpected() {
		this.contextRunner
			.withPropertyValues("statefun.failure.dead-letter.egress=ops/dlq",
					"statefun.failure.dead-letter.kind=plain")
			.run((context) -> {
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(text).doesNotContain("ops/dlq");
				assertThat(context.getBean(ModuleVerifier.class).verify(text).errors()).isEmpty();
			});
	}

	@Test
	void everythingCanBeSet() {
		this.contextRunner.withPropertyValues("statefun.module.max-num-batch-requests=10",
				"statefun.module.transport.type=okhttp", "statefun.module.transport.call=30s",
				"statefun.module.kafka.address=kafka:9092", "statefun.module.kafka.ingresses[0].id=shop/items",
				"statefun.module.kafka.ingresses[0].consumer-group-id=cart",
				"statefun.module.kafka.ingresses[0].startup-position.type=date",
				"statefun.module.kafka.ingresses[0].startup-position.date=2026-11-25T14:00:00Z",
				"statefun.module.kafka.ingresses[0].auto-offset-reset=earliest",
				"statefun.module.kafka.ingresses[0].topics[0].name=items",
				"statefun.module.kafka.ingresses[0].topics[0].value-type=shop/AddItem",
				"statefun.module.kafka.ingresses[0].topics[0].targets=shop/cart",
				"statefun.module.kafka.ingresses[0].properties.security.protocol=SSL",
				"statefun.module.kafka.egresses[0].id=shop/receipts",
				"statefun.module.kafka.egresses[0].delivery-semantic=exactly-once",
				"statefun.module.kafka.egresses[0].transaction-timeout=15m",
				"statefun.module.kinesis.region.id=eu-west-1", "statefun.module.kinesis.credentials.profile-name=shop",
				"statefun.module.kinesis.ingresses[0].id=shop/clicks",
				"statefun.module.kinesis.ingresses[0].streams[0].name=clicks",
				"statefun.module.kinesis.ingresses[0].streams[0].value-type=shop/Click",
				"statefun.module.kinesis.ingresses[0].streams[0].targets=shop/cart",
				"statefun.module.kinesis.egresses[0].id=shop/shown",
				"statefun.module.kinesis.egresses[0].max-outstanding-records=5")
			.run((context) -> {
				StatefunModuleProperties properties = context.getBean(StatefunModuleProperties.class);
				assertThat(properties.kafka().ingresses()).singleElement().satisfies((ingress) -> {
					assertThat(ingress.startupPosition()).isEqualTo(new StartupPosition(StartupPosition.Type.DATE,
							Instant.parse("2026-11-25T14:00:00Z"), null));
					assertThat(ingress.properties()).isEqualTo(Map.of("security.protocol", "SSL"));
					assertThat(ingress.autoOffsetReset()).isEqualTo(KafkaIngress.OffsetReset.EARLIEST);
				});
				assertThat(properties.kafka().egresses()).singleElement()
					.satisfies((egress) -> assertThat(egress.transactionTimeout()).isEqualTo(Duration.ofMinutes(15)));
				String text = context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3);
				assertThat(text).contains("call: \"30s\"")
					.contains("transactionTimeout: \"15min\"")
					.contains("maxOutstandingRecords: 5")
					.contains("profileName: shop");
			});
	}

	@Test
	void sizeHasAUnit() {
		this.contextRunner.withPropertyValues("statefun.module.transport.payload-max-bytes=64MB")
			.run((context) -> assertThat(context.getBean(ModuleGenerator.class).generate(ModuleFormat.V3))
				.contains("payload_max_bytes: 67108864\n"));
	}

	@Test
	void everyTypeOfTheSettingsHasAHint() {
		RuntimeHints hints = new RuntimeHints();
		BindableRuntimeHintsRegistrar.forTypes(StatefunModuleProperties.class).registerHints(hints);
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(hints, StatefunModuleProperties.class);
		for (Class<?> type : List.of(KafkaIngress.class, KafkaEgress.class, KinesisIngress.class, KinesisEgress.class,
				Route.class, StartupPosition.class, Region.class, Credentials.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(type.getDeclaredConstructors()[0]))
				.accepts(hints);
		}
	}

	@Test
	void everyFunctionHasAnEntryUnlessWildcardsAreAskedFor() {
		this.contextRunner.withUserConfiguration(MoreFunctions.class)
			.withPropertyValues("statefun.module.endpoint=http://cart:8080")
			.run((context) -> assertThat(functionsOf(context.getBean(ModuleGenerator.class)))
				.containsExactly("bank/account", "shop/cart", "shop/stock"));
	}

	@Test
	void namespaceIsOneEntryWithWildcards() {
		this.contextRunner.withUserConfiguration(MoreFunctions.class)
			.withPropertyValues("statefun.module.endpoint=http://cart:8080", "statefun.module.wildcards=true",
					"statefun.module.kafka.address=kafka:9092", "statefun.module.kafka.ingresses[0].id=shop/items",
					"statefun.module.kafka.ingresses[0].consumer-group-id=cart",
					"statefun.module.kafka.ingresses[0].topics[0].name=items",
					"statefun.module.kafka.ingresses[0].topics[0].value-type=shop/AddItem",
					"statefun.module.kafka.ingresses[0].topics[0].targets=shop/cart,other/elsewhere")
			.run((context) -> {
				ModuleGenerator generator = context.getBean(ModuleGenerator.class);
				assertThat(functionsOf(generator)).containsExactly("bank/*", "shop/*");
				assertThat(generator.generate(ModuleFormat.V3)).startsWith("""
						# Written by the application, from its functions and 'statefun.module', for StateFun 3.1 to 3.3.
						kind: io.statefun.endpoints.v2/http
						spec:
						  functions: bank/*
						  urlPathTemplate: http://cart:8080/statefun
						""");
				assertThat(context.getBean(ModuleVerifier.class).verify(generator.generate(ModuleFormat.V3)).findings())
					.extracting(ModuleFinding::found)
					.containsExactly("target 'other/elsewhere'");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
			V2 | x=y | 'statefun.module.wildcards' is true, but clusters of 2.x know no wildcards. Remove it, or write \
			the format 'v3'.
			V3 | statefun.module.endpoint=http://{function.name}:8080 | Functions of the namespace 'shop' can't be \
			written as 'shop/*': 'http://{function.name}:8080/statefun' is another address for each of them. Set \
			'statefun.module.wildcards' to false, or give 'statefun.module.endpoint' without '{function.name}'.
			V3 | statefun.module.kafka.ingresses[0].topics[0].targets=shop/cart,shop/bill | Functions of the namespace \
			'shop' can't be written as 'shop/*': target 'shop/bill' of ingress 'shop/items' is not served here. Set \
			'statefun.module.wildcards' to false, or correct the target.
			V3 | statefun.module.kinesis.ingresses[0].streams[0].targets=shop/bill | Functions of the namespace 'shop' \
			can't be written as 'shop/*': target 'shop/bill' of ingress 'shop/clicks' is not served here. Set \
			'statefun.module.wildcards' to false, or correct the target.
			""")
	void wildcardsAreRejectedIfANamespaceMustBeSplit(ModuleFormat format, String property, String text) {
		this.contextRunner
			.withPropertyValues("statefun.module.wildcards=true", "statefun.module.kafka.address=kafka:9092",
					"statefun.module.kafka.ingresses[0].id=shop/items",
					"statefun.module.kafka.ingresses[0].consumer-group-id=cart",
					"statefun.module.kafka.ingresses[0].topics[0].name=items",
					"statefun.module.kafka.ingresses[0].topics[0].value-type=shop/AddItem",
					"statefun.module.kafka.ingresses[0].topics[0].targets=shop/cart",
					"statefun.module.kinesis.ingresses[0].id=shop/clicks",
					"statefun.module.kinesis.ingresses[0].streams[0].name=clicks",
					"statefun.module.kinesis.ingresses[0].streams[0].value-type=shop/Click",
					"statefun.module.kinesis.ingresses[0].streams[0].targets=shop/cart", property)
			.run((context) -> assertThatExceptionOfType(InvalidDeclarationException.class)
				.isThrownBy(() -> context.getBean(ModuleGenerator.class).generate(format))
				.withMessage(text));
	}

	private static List<String> functionsOf(ModuleGenerator generator) {
		return generator.generate(ModuleFormat.V3)
			.lines()
			.filter((line) -> line.startsWith("  functions: "))
			.map((line) -> line.substring("  functions: ".length()))
			.toList();
	}

	@Test
	void wrongSettingsStopTheStartUp() {
		this.contextRunner.withPropertyValues("statefun.module.transport.client-cert=/certs/client.pem")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage(
						"'statefun.module.transport.client-cert' and 'client-key' belong together; only one is set"));
	}

	@Test
	void exposedEndpointShowsTheModule() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=statefunmodule",
					"statefun.module.endpoint=http://cart:8080", "statefun.module.kafka.address=kafka:9092",
					"statefun.module.kafka.egresses[0].id=shop/receipts",
					"statefun.module.kafka.egresses[0].properties.password=verysecret")
			.run((context) -> {
				StatefunModuleEndpoint endpoint = context.getBean(StatefunModuleEndpoint.class);
				assertThat(endpoint.module(null)).contains("kind: io.statefun.endpoints.v2/http")
					.doesNotContain("verysecret");
				assertThat(endpoint.module(ModuleFormat.V2)).contains("type: shop/cart");
			});
	}

	@Test
	void endpointRejectsUnwritableModules() {
		this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=statefunmodule",
					"statefun.module.kafka.egresses[0].id=shop/receipts")
			.run((context) -> assertThatExceptionOfType(InvalidEndpointRequestException.class)
				.isThrownBy(() -> context.getBean(StatefunModuleEndpoint.class).module(ModuleFormat.V2))
				.withMessageStartingWith("Egress 'shop/receipts' has no address of Kafka."));
	}

	@Test
	void endpointIsAbsentIfUnexposedOrALibraryIsMissing() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(StatefunModuleEndpoint.class)
			.hasSingleBean(ModuleGenerator.class));
		WebApplicationContextRunner exposed = this.contextRunner
			.withPropertyValues("management.endpoints.web.exposure.include=statefunmodule");
		exposed.withClassLoader(new FilteredClassLoader("org.yaml.snakeyaml"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(StatefunModuleEndpoint.class)
				.doesNotHaveBean(ModuleGenerator.class));
		exposed.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ModuleGenerator.class));
		exposed.withPropertyValues("statefun.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(StatefunModuleEndpoint.class)
				.doesNotHaveBean(ModuleGenerator.class));
	}

	@Test
	void customBeansTakePrecedence() {
		this.contextRunner.withUserConfiguration(Own.class)
			.run((context) -> assertThat(context).hasSingleBean(ModuleVerifier.class)
				.hasBean("ownVerifier")
				.doesNotHaveBean("statefunModuleVerifier"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties
	static class Functions {

		@Bean
		StatefulFunctionsCustomizer cart() {
			return (functions) -> functions.register(FunctionSpec.of("shop/cart"), (context, message) -> {
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MoreFunctions {

		@Bean
		StatefulFunctionsCustomizer more() {
			return (functions) -> {
				functions.register(FunctionSpec.of("shop/stock"), (context, message) -> {
				});
				functions.register(FunctionSpec.of("bank/account"), (context, message) -> {
				});
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Own {

		@Bean
		ModuleVerifier ownVerifier(StatefulFunctions functions) {
			return ModuleVerifier.of(functions);
		}

	}

}
