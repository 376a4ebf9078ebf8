package dev.statefun.spring.boot.autoconfigure.gateway;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunFunctionSettingsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.local.StatefunLocalRuntimeAutoConfiguration;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.client.FunctionRequestException;
import dev.statefun.spring.client.FunctionRequestException.Reason;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.function.GatewayFunction;
import dev.statefun.spring.gateway.function.GatewaySettings;
import dev.statefun.spring.gateway.local.LocalGatewayTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for the gateway and the client in a Boot application.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatefunGatewayAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunFunctionSettingsAutoConfiguration.class, StatefunLocalRuntimeAutoConfiguration.class,
				StatefunLocalGatewayAutoConfiguration.class, StatefunGatewayAutoConfiguration.class))
		.withPropertyValues("statefun.local-runtime.ingress-port=0", "statefun.local-runtime.egress-port=0")
		.withUserConfiguration(Functions.class);

	private final ApplicationContextRunner local = this.runner.withPropertyValues("statefun.local-runtime.enabled=true",
			"statefun.gateway.enabled=true", "spring.application.name=shop");

	// It may have kept the states of another test
	@BeforeEach
	void forgetTheRestarter() {
		Restarter.clearInstance();
	}

	@Test
	void gatewayIsOffByDefault() {
		this.runner.withPropertyValues("spring.application.name=shop")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GatewayFunction.class)
				.doesNotHaveBean(FunctionClient.class));
	}

	@Test
	void clientGetsTheReplyOfAFunctionInTheLocalRuntime() {
		this.local.run((context) -> {
			FunctionClient client = context.getBean(FunctionClient.class);
			assertThat(client.to("test/count", "joe").call("Joe", String.class)).isEqualTo("1 Joe");
			assertThat(client.to("test/count", "joe").call("Joe", String.class)).isEqualTo("2 Joe");
			assertThat(context.getBean(GatewaySettings.class).replyTopics())
				.containsExactly(context.getBean(GatewayTransport.class).replyDestination().topic());
		});
	}

	@Test
	void keyIsExecutedOnce() {
		this.local.run((context) -> {
			FunctionClient.RequestSpec<Object> spec = context.getBean(FunctionClient.class)
				.to("test/count", "joe")
				.idempotencyKey("k1");
			assertThat(spec.call("Joe", String.class)).isEqualTo("1 Joe");
			assertThat(spec.call("Joe", String.class)).isEqualTo("1 Joe");
			assertThat(spec.principal("ann").call("Joe", String.class)).isEqualTo("2 Joe");
			assertThatExceptionOfType(FunctionRequestException.class).isThrownBy(() -> spec.call("Ann", String.class))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.CONFLICT));
		});
	}

	@Test
	void sendsAndHeadersArrive() {
		this.local.run((context) -> {
			FunctionClient client = context.getBean(FunctionClient.class);
			Address joe = Address.of("test/count", "joe");
			client.send(joe, "Joe").toCompletableFuture().join();
			client.send(joe, "Joe").toCompletableFuture().join();
			// Requests may overtake what was only sent
			AtomicInteger requests = new AtomicInteger();
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				String reply = client.to(joe).headers(Headers.of("tenant", "blue")).call("Joe", String.class);
				return reply.equals(2 + requests.incrementAndGet() + " Joe of blue");
			});
		});
	}

	@Test
	void gatewaySendsToFunctionsOfThisApplicationOnly() {
		this.local.run((context) -> assertThatExceptionOfType(FunctionRequestException.class)
			.isThrownBy(() -> context.getBean(FunctionClient.class).to("other/function", "1").call("x", Any.class))
			.withMessageContaining("'statefun.gateway.targets'")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.UNKNOWN_FUNCTION)));
	}

	@Test
	void localRuntimeWithListedEgressesKnowsThatOfTheGateway() {
		this.local.withPropertyValues("statefun.local-runtime.egresses=example/greets")
			.run((context) -> assertThat(
					context.getBean(FunctionClient.class).to("test/count", "joe").call("Joe", String.class))
				.isEqualTo("1 Joe"));
	}

	@Test
	void targetsOfOtherApplicationsCanBeListed() {
		this.runner
			.withPropertyValues("statefun.gateway.enabled=true", "statefun.gateway.name=shop",
					"statefun.gateway.targets=other/cart", "statefun.gateway.reply-topics=other-replies")
			.run((context) -> {
				assertThat(context).hasSingleBean(GatewayFunction.class).doesNotHaveBean(GatewayRequests.class);
				assertThat(context.getBean(GatewaySettings.class).replyTopics()).containsExactly("other-replies");
				assertThat(context.getBean(StatefulFunctions.class).functions())
					.anySatisfy((function) -> assertThat(function.type()).hasToString("statefun.gateway/shop"));
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"spring.application.name=shop|which needs a gateway to send requests to; there is none."
					+ "|Set 'statefun.gateway.enabled' to true for a gateway of this application, or "
					+ "'statefun.client.gateway' to the name of another application's gateway.",
			"statefun.client.gateway=shop|but nothing connects this application with the gateway."
					+ "|Add the dependency 'org.springframework.boot:spring-boot-starter-kafka' or, in development and "
					+ "for a gateway of this application, set 'statefun.local-runtime.enabled' to true." })
	void failureReportSaysWhatAClientNeeds(String property, String problem, String action, CapturedOutput output) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Injecting.class)
			.web(WebApplicationType.NONE)
			.properties(property);
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(application::run);
		assertThat(output)
			.contains("Parameter 0 of method greeting in " + Injecting.class.getName() + " requires a FunctionClient, "
					+ problem)
			.contains(action)
			.containsOnlyOnce("APPLICATION FAILED TO START");
	}

	@Test
	void clientOfAnotherGatewayNeedsNoOwn() {
		this.runner.withPropertyValues("statefun.client.gateway=shop")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(GatewayFunction.class)
				.doesNotHaveBean(LocalGatewayTransport.class));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = { "spring.application.name=|The gateway has no name",
			"spring.application.name=my shop|'spring.application.name': 'my shop' is not the name of a gateway",
			"statefun.gateway.name=a/b|'statefun.gateway.name': 'a/b' is not the name of a gateway",
			"statefun.gateway.keep=0s|'statefun.gateway.keep' is PT0S; expected 1s to 7d",
			"statefun.gateway.max-reply-size=5MB|18 times the larger one", "statefun.gateway.targets=cart|'cart'" })
	void badSettingsStopTheStartUp(String property, String problem) {
		this.runner.withPropertyValues("statefun.gateway.enabled=true", "spring.application.name=shop", property)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem));
	}

	@Test
	void requestsAreMeasured() {
		this.local.withUserConfiguration(Meters.class).run((context) -> {
			FunctionClient client = context.getBean(FunctionClient.class);
			client.to("test/count", "joe").call("Joe", String.class);
			client.send(Address.of("test/count", "joe"), "Joe").toCompletableFuture().join();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBeansOfType(MeterBinder.class).values().forEach((binder) -> binder.bindTo(registry));
			assertThat(registry.get("statefun.client.requests")
				.tags("function", "test/count", "kind", "request", "outcome", "replied")
				.timer()
				.totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(registry.get("statefun.client.requests").tags("kind", "send", "outcome", "sent").timer().count())
				.isOne();
			assertThat(registry.get("statefun.client.waiting").gauge().value()).isZero();
			assertThat(registry.get("statefun.client.replies.unexpected").counter().count()).isZero();
			assertThat(registry.get("statefun.gateway.events")
				.tags("event", "replied", "function", "test/count")
				.counter()
				.count()).isOne();
		});
	}

	@Test
	void metersMayBeCreatedLazily() {
		this.local
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> {
				assertThat(context.getBean(FunctionClient.class).to("test/count", "joe").call("Joe", String.class))
					.isEqualTo("1 Joe");
				assertThat(context.getBean(MeterRegistry.class).get("statefun.client.waiting").gauge().value())
					.isZero();
			});
	}

	@Test
	void ownClientReplacesTheDefault() {
		this.local.withBean("mine", FunctionClient.class, () -> mock(FunctionClient.class))
			.run((context) -> assertThat(context).getBean(FunctionClient.class).isSameAs(context.getBean("mine")));
	}

	@Test
	void timeoutIsAProperty() {
		this.local.withPropertyValues("statefun.client.timeout=50ms")
			.run((context) -> assertThatExceptionOfType(FunctionRequestException.class)
				.isThrownBy(
						() -> context.getBean(FunctionClient.class).to("test/silent", "joe").call("x", String.class))
				.withMessageContaining("no reply within 50 ms")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.TIMED_OUT)));
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Count.class, Silent.class })
	static class Functions {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ StatefunAutoConfiguration.class, StatefunGatewayAutoConfiguration.class })
	static class Injecting {

		@Bean
		String greeting(FunctionClient client) {
			return client.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Meters {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

		@Bean
		ObservationRegistry observationRegistry(MeterRegistry meters) {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
			return registry;
		}

	}

	@StatefulFunction("test/count")
	static class Count {

		@Handler
		String count(String name, @Persisted("count") PersistedValue<Integer> count, Context context) {
			int seen = count.get().orElse(0) + 1;
			count.set(seen);
			return seen + " " + name + context.headers().get("tenant").map((tenant) -> " of " + tenant).orElse("");
		}

	}

	@StatefulFunction("test/silent")
	static class Silent {

		@Handler
		void ignore(String name) {
		}

	}

}
