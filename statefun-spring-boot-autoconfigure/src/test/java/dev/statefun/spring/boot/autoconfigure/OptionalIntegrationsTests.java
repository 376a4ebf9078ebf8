package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.Objects;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.registry.MessageValidator;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.actuate.StatefunEndpoint;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.validation.StatefunValidationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.metrics.BatchMetrics;
import dev.statefun.spring.observation.BatchObservations;
import dev.statefun.spring.observation.InvocationObservations;
import dev.statefun.spring.validation.ConstraintMessageValidator;
import dev.statefun.spring.web.StatefunHttpHandler;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the integrations that require an optional library.
 */
class OptionalIntegrationsTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(StatefunAutoConfiguration.class, StatefunActuatorAutoConfiguration.class,
						StatefunJacksonAutoConfiguration.class, StatefunObservationAutoConfiguration.class,
						StatefunMetricsAutoConfiguration.class, StatefunSecurityAutoConfiguration.class,
						StatefunValidationAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class))
		.withUserConfiguration(Counter.class);

	@Test
	void batchesAreTimedByFunctionAndOutcome() {
		this.contextRunner.withBean(SimpleMeterRegistry.class).run((context) -> {
			RequestReplyHandler handler = context.getBean(RequestReplyHandler.class);
			handler.handle(ClusterRequest.v3("test/counter", "a").intState("total", 1).message(1).toByteArray());
			handler.handle(ClusterRequest.v3("test/counter", "b").message(1).toByteArray());
			handler.handle(ClusterRequest.v3("test/counter", "c").intState("total", 1).message(-1).toByteArray());
			handler.handle(ClusterRequest.v3("test/unknown", "d").message(1).toByteArray());
			handler.handle(new byte[] { 1, 2, 3 });
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(count(registry, "test/counter", "replied")).isEqualTo(1);
			assertThat(count(registry, "test/counter", "missing-state")).isEqualTo(1);
			assertThat(count(registry, "test/counter", "retried")).isEqualTo(1);
			assertThat(count(registry, "unknown", "refused")).isEqualTo(2);
		});
	}

	private static long count(MeterRegistry registry, String function, String outcome) {
		return registry.get("statefun.batch").tag("function", function).tag("outcome", outcome).timer().count();
	}

	@Test
	void withoutMeterRegistryThereAreNoListeners() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BatchListener.class));
	}

	@Test
	void withoutMicrometerTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean(BatchMetrics.class));
	}

	@Test
	void withoutObservationsTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(StatefunHttpHandler.class));
	}

	@Test
	void withoutMetersBatchesAreStillObserved() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(BatchObservations.class)
				.doesNotHaveBean(BatchMetrics.class));
	}

	@Test
	void withoutAnObservationRegistryNothingIsObserved() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(BatchObservations.class)
			.doesNotHaveBean(InvocationObservations.class));
	}

	@Test
	void withoutSlf4jTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(MDC.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean("statefunLogContext"));
	}

	@Test
	void withoutHealthTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean("statefunHealthIndicator"));
	}

	@Test
	void failedMessagesAreCountedByFunctionKindAndAction() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip")
			.run((context) -> {
				RequestReplyHandler handler = context.getBean(RequestReplyHandler.class);
				for (int i = 0; i < 20; i++) {
					handler.handle(ClusterRequest.v3("test/counter", "id" + i)
						.intState("total", 1)
						.message(-1)
						.message("io.statefun.types/int", ByteString.copyFromUtf8("garbage"))
						.toByteArray());
				}
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("statefun.failures").counters()).hasSize(2);
				assertThat(failures(registry, "handler", "skip")).isEqualTo(20);
				assertThat(failures(registry, "undecodable", "retry")).isEqualTo(20);
				assertThat(count(registry, "test/counter", "retried")).isEqualTo(20);
			});
	}

	private static double failures(MeterRegistry registry, String kind, String action) {
		return registry.get("statefun.failures")
			.tags("function", "test/counter", "kind", kind, "action", action)
			.counter()
			.count();
	}

	@Test
	void messagesAreValidatedIfBeanValidationIsPresent() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(ConstraintMessageValidator.class));
	}

	@Test
	void withoutBeanValidationTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("jakarta.validation"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean(MessageValidator.class));
	}

	@Test
	void withoutAValidatorFunctionsWithoutConstraintsAreServed() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageValidator.class));
	}

	@Test
	void customValidatorTakesPrecedence() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withBean("own", MessageValidator.class, () -> (message) -> {
			})
			.run((context) -> assertThat(context).hasSingleBean(MessageValidator.class)
				.doesNotHaveBean(ConstraintMessageValidator.class));
	}

	@Test
	void actuatorShowsFunctionsHandlersAndStates() {
		this.contextRunner.withPropertyValues("management.endpoints.web.exposure.include=statefun").run((context) -> {
			StatefunEndpoint.FunctionView counter = Objects
				.requireNonNull(context.getBean(StatefunEndpoint.class).functions().functions().get("test/counter"));
			assertThat(counter.handlers()).containsOnlyKeys("*", "io.statefun.types/int")
				.containsEntry("*", "Counter.other(Any)");
			assertThat(counter.states()).containsOnlyKeys("total");
			assertThat(counter.states().get("total")).isNotNull()
				.extracting(StatefunEndpoint.StateView::type, StatefunEndpoint.StateView::expireAfterCall)
				.containsExactly("io.statefun.types/int", Duration.ofHours(1));
		});
	}

	@Test
	void unexposedActuatorEndpointIsAbsent() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(StatefunEndpoint.class));
	}

	@Test
	void withoutActuatorTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Endpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean(StatefunEndpoint.class));
	}

	@Test
	void withoutJacksonTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(StatefunHttpHandler.class));
	}

	@Test
	void withoutTomcatTheFunctionsAreServed() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(ConfigurableTomcatWebServerFactory.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.doesNotHaveBean("statefunTomcatKeepAliveCustomizer"));
	}

	@Test
	void withoutSpringSecurityOtherRestrictionsApply() {
		this.contextRunner
			.withClassLoader(
					new FilteredClassLoader("org.springframework.security", "org.springframework.boot.security"))
			.withPropertyValues("statefun.security.secret=0123456789abcdef",
					"statefun.security.allowed-addresses=127.0.0.1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.hasBean("statefunEndpointAccessFilterRegistration")
				.hasBean("statefunExposureCheck"));
	}

	@Test
	void withoutAServerOtherRestrictionsApply() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.springframework.boot.tomcat",
					"org.springframework.boot.web.server", "org.springframework.boot.actuate.endpoint.Sanitiz"))
			.withPropertyValues("statefun.security.secret=0123456789abcdef", "statefun.server.port=0")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(StatefunHttpHandler.class)
				.hasBean("statefunEndpointAccessFilterRegistration")
				.doesNotHaveBean("statefunEndpointConnectorCustomizer"));
	}

	@Test
	void aheadOfTimeTheAccessFilterIsRegisteredForLaterRestrictions() {
		this.contextRunner.withSystemProperties("spring.aot.processing=true")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("statefunEndpointAccessFilterRegistration")
				.hasBean("statefunAdmittedRequestsInterceptor")
				.hasBean("statefunClusterConnectionCustomizer")
				.hasBean("statefunEndpointConnectorCustomizer")
				.hasBean("statefunSecretSanitizingFunction"));
	}

	@Test
	void withoutARestrictionThereIsNoGate() {
		this.contextRunner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean("statefunEndpointAccessFilterRegistration")
			.doesNotHaveBean("statefunAdmittedRequestsInterceptor")
			.doesNotHaveBean("statefunClusterConnectionCustomizer"));
	}

	@Test
	void withoutSpringMvcThereIsARegistryButNoEndpoint() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RequestReplyHandler.class)
				.doesNotHaveBean(StatefunHttpHandler.class));
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted(value = "total", expireAfterCall = "1h") PersistedValue<Integer> total) {
			if (amount < 0) {
				throw new IllegalArgumentException("negative");
			}
			total.set(total.get().orElse(0) + amount);
		}

		@Handler
		void other(Any message) {
		}

	}

}
