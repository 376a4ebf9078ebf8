package dev.statefun.spring.boot.autoconfigure;

import java.util.List;
import java.util.Objects;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.json.StatefunJacksonAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.web.StatefunHttpHandler;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for applications without Spring MVC: their functions exist, but no cluster can
 * reach them, and one warning is logged.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReactiveAndNonWebTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(StatefunAutoConfiguration.class,
			StatefunActuatorAutoConfiguration.class, StatefunJacksonAutoConfiguration.class,
			StatefunMetricsAutoConfiguration.class, StatefunSecurityAutoConfiguration.class,
			StatefunWebMvcAutoConfiguration.class);

	private static final String UNREACHABLE = "1 stateful function is registered, but no cluster can reach them: "
			+ "[test/counter]. The endpoint needs a servlet web application with Spring MVC, or the dependency "
			+ "'statefun-spring-boot-starter-netty' and 'statefun.server.engine=netty'";

	@Test
	void reactiveApplicationHasARegistryAndOneWarning(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "jakarta.servlet"))
			.withUserConfiguration(Counter.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				requireUnreachable(context.getSourceApplicationContext(), output);
			});
	}

	@Test
	void reactiveApplicationWithSpringMvcHasARegistryAndOneWarning(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Counter.class)
			.run((context) -> requireUnreachable(context.getSourceApplicationContext(), output));
	}

	@Test
	void healthReportsUnreachableFunctions() {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Counter.class)
			.run((context) -> {
				Health health = Objects
					.requireNonNull(context.getBean("statefunHealthIndicator", HealthIndicator.class).health());
				assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health.getDetails()).containsEntry("functions", 1)
					.containsEntry("endpoint", "none: it needs a servlet web application with Spring MVC, or the "
							+ "dependency 'statefun-spring-boot-starter-netty' and 'statefun.server.engine=netty'");
			});
	}

	@Test
	void nonWebApplicationHasARegistryAndOneWarning(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Counter.class)
			.run((context) -> requireUnreachable(context.getSourceApplicationContext(), output));
	}

	@Test
	void applicationWithoutWebClassesHasARegistryAndOneWarning(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "jakarta.servlet",
					"org.apache.catalina", "org.springframework.boot.tomcat", "org.springframework.boot.webmvc",
					"org.springframework.boot.web"))
			.withUserConfiguration(Counter.class)
			.run((context) -> requireUnreachable(context.getSourceApplicationContext(), output));
	}

	@Test
	void servletApplicationWithoutSpringMvcHasARegistryAndOneWarning(CapturedOutput output) {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.withUserConfiguration(Counter.class)
			.run((context) -> requireUnreachable(context.getSourceApplicationContext(), output));
	}

	@Test
	void nonWebApplicationStartsAndEndsWithOneWarning(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run()) {
			requireUnreachable(context, output);
		}
	}

	@Test
	void reactiveApplicationWithoutFunctionsHasOneWarning(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.run((context) -> assertThat(warningsOf(output)).singleElement()
				.asString()
				.contains("No stateful functions were found"));
	}

	@Test
	void servletApplicationWithSpringMvcHasNoWarning(CapturedOutput output) {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("server.address=127.0.0.1")
			.withUserConfiguration(Counter.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(StatefunHttpHandler.class);
				assertThat(warningsOf(output)).isEmpty();
			});
	}

	@Test
	void disabledApplicationHasNoWarning(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("statefun.enabled=false")
			.withUserConfiguration(Counter.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(StatefulFunctions.class);
				assertThat(warningsOf(output)).isEmpty();
			});
	}

	private static void requireUnreachable(ApplicationContext context, CapturedOutput output) {
		assertThat(context.getBean(StatefulFunctions.class).functions()).singleElement()
			.satisfies((function) -> assertThat(function.type()).hasToString("test/counter"));
		assertThat(context.getBeanNamesForType(EndpointLocation.class)).isEmpty();
		assertThat(warningsOf(output)).singleElement().asString().endsWith(UNREACHABLE);
		byte[] request = ClusterRequest.v3("test/counter", "joe").intState("total", 40).message(2).toByteArray();
		byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().join();
		assertThat(ClusterReply.v3(reply).intStates()).containsEntry("total", 42);
	}

	private static List<String> warningsOf(CapturedOutput output) {
		return output.getAll().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@EnableAutoConfiguration
	@Import(Counter.class)
	@Configuration(proxyBeanMethods = false)
	static class Application {

	}

}
