package dev.statefun.spring.boot.autoconfigure.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;

import com.google.protobuf.Any;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.OnFailure;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.actuate.StatefunHealthIndicator;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunFunctionSettingsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunActuatorAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.endpoint.EndpointDrain;
import dev.statefun.spring.boot.autoconfigure.execution.StatefunExecutionAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.security.StatefunSecurityAutoConfiguration;
import dev.statefun.spring.metrics.TrafficMetrics;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for applications with several contexts: each context with a server serves its own
 * functions and those of parents without one.
 */
@ExtendWith(OutputCaptureExtension.class)
class ContextHierarchyTests {

	private static final String[] ARGUMENTS = { "--server.port=0", "--server.address=127.0.0.1",
			"--spring.main.banner-mode=off" };

	private static final String SETTING = "--statefun.functions.[test/greeter].max-concurrency=1";

	/** The exclusions of the other tests, without Netty's. */
	private static final String WITH_NETTY = "--spring.autoconfigure.exclude="
			+ "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration,"
			+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration";

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext context = new GenericApplicationContext();

	@AfterEach
	void close() {
		for (ApplicationContext one = this.context; one instanceof ConfigurableApplicationContext closed; one = one
			.getParent()) {
			closed.close();
		}
	}

	@Test
	void parentAndChildWithServersServeTheirOwnFunctions(CapturedOutput output) throws Exception {
		this.context = childOf(web(Web.class, Greeter.class, Meters.class).run(ARGUMENTS), Web.class, Counter.class,
				Meters.class)
			.run(ARGUMENTS);
		ApplicationContext parent = Objects.requireNonNull(this.context.getParent());
		int parentPort = portOf(parent);
		int childPort = portOf(this.context);
		assertThat(childPort).isNotEqualTo(parentPort);
		assertThat(call(parentPort, "test/greeter")).isEqualTo(200);
		assertThat(call(childPort, "test/counter")).isEqualTo(200);
		assertThat(call(parentPort, "test/counter")).isEqualTo(500);
		assertThat(call(childPort, "test/greeter")).isEqualTo(500);
		assertThat(output).containsOnlyOnce("Serving 1 stateful function at POST /statefun: [test/greeter]")
			.containsOnlyOnce("Serving 1 stateful function at POST /statefun: [test/counter]");
		for (Class<?> own : List.of(StatefulFunctions.class, RequestReplyHandler.class, Admission.class,
				StatefunHealthIndicator.class, TrafficMetrics.class, EndpointDrain.class)) {
			assertThat(this.context.getBean(own)).as(own.getName()).isNotSameAs(parent.getBean(own));
		}
		for (ApplicationContext one : List.of(parent, this.context)) {
			assertThat(keepAliveOf(one)).isEqualTo(75_000);
		}
	}

	@Test
	void siblingsServeTheirOwnFunctionsAndThoseOfAPlainParent(CapturedOutput output) throws Exception {
		SpringApplicationBuilder first = plain(Greeter.class, Service.class).child(Web.class, Counter.class)
			.web(WebApplicationType.SERVLET);
		try (ConfigurableApplicationContext one = first.run(ARGUMENTS)) {
			this.context = first.sibling(Web.class, Other.class).web(WebApplicationType.SERVLET).run(ARGUMENTS);
			assertThat(call(portOf(one), "test/counter")).isEqualTo(200);
			assertThat(call(portOf(one), "test/greeter")).isEqualTo(200);
			assertThat(call(portOf(one), "test/other")).isEqualTo(500);
			assertThat(call(portOf(this.context), "test/other")).isEqualTo(200);
			assertThat(call(portOf(this.context), "test/greeter")).isEqualTo(200);
			assertThat(call(portOf(this.context), "test/counter")).isEqualTo(500);
			assertThat(this.context.getBean(Service.class).calls).isEqualTo(2);
		}
		assertThat(output).contains("Serving 2 stateful functions at POST /statefun: [test/counter, test/greeter]")
			.contains("Serving 2 stateful functions at POST /statefun: [test/other, test/greeter]");
	}

	@Test
	void childServesTheFunctionsOfAParentWithoutAServer(CapturedOutput output) throws Exception {
		this.context = new SpringApplicationBuilder(NonWeb.class, Greeter.class, ByCode.class)
			.web(WebApplicationType.NONE)
			.child(Web.class, Counter.class)
			.web(WebApplicationType.SERVLET)
			.run(with(WITH_NETTY));
		assertThat(Objects.requireNonNull(this.context.getParent()).getEnvironment().getProperty("local.statefun.port"))
			.isNull();
		for (String type : List.of("test/greeter", "test/counter", "test/by-code")) {
			assertThat(call(portOf(this.context), type)).as(type).isEqualTo(200);
		}
		assertThat(output)
			.contains("Serving 3 stateful functions at POST /statefun: [test/counter, test/greeter, test/by-code]");
	}

	@Test
	void failureAnnotationOfTheParentAppliesInTheChild() throws Exception {
		this.context = plain(Skipping.class).child(Web.class).web(WebApplicationType.SERVLET).run(ARGUMENTS);
		assertThat(call(portOf(this.context), "test/skipping")).isEqualTo(200);
	}

	@Test
	void childBeanHidesParentBeanOfTheSameName() throws Exception {
		this.context = plain(Greeter.class, Service.class).child(Web.class, Greeter.class)
			.web(WebApplicationType.SERVLET)
			.run(ARGUMENTS);
		assertThat(call(portOf(this.context), "test/greeter")).isEqualTo(200);
	}

	@Test
	void sameTypeInParentAndChildStopsTheStartUp(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> plain(Greeter.class).child(Web.class, SecondGreeter.class)
				.web(WebApplicationType.SERVLET)
				.run(ARGUMENTS)
				.close());
		assertThat(output).contains("Function 'test/greeter'").contains("reeter'").contains("econdGreeter'");
	}

	@Test
	void disabledChildDoesNotServeFunctionsOfTheParent() throws Exception {
		ConfigurableApplicationContext parent = web(Web.class, Greeter.class).run(ARGUMENTS);
		try (ConfigurableApplicationContext off = childOf(parent, Web.class).run(with("--statefun.enabled=false"))) {
			assertThat(call(portOf(off), "test/greeter")).isEqualTo(404);
		}
		this.context = childOf(parent, WebWithoutFunctions.class).run(ARGUMENTS);
		// Its servlet uses the mappings of the parent, as Spring MVC does
		assertThat(call(portOf(this.context), "test/greeter")).isEqualTo(404);
		assertThat(call(portOf(parent), "test/greeter")).isEqualTo(200);
	}

	@Test
	void eachContextHasItsOwnClusterPort() throws Exception {
		ConfigurableApplicationContext parent = web(Web.class, Greeter.class).run(with("--statefun.server.port=0"));
		this.context = childOf(parent, Web.class, Counter.class).run(with("--statefun.server.port=0"));
		int parentPort = clusterPortOf(parent);
		int childPort = clusterPortOf(this.context);
		assertThat(call(parentPort, "test/greeter")).isEqualTo(200);
		assertThat(call(childPort, "test/counter")).isEqualTo(200);
		assertThat(call(portOf(parent), "test/greeter")).isEqualTo(403);
		assertThat(call(portOf(this.context), "test/counter")).isEqualTo(403);
	}

	@Test
	void childWithoutAServletWarnsThatClustersCannotReachIt(CapturedOutput output) throws Exception {
		ConfigurableApplicationContext parent = web(Web.class, Greeter.class).run(ARGUMENTS);
		this.context = web(Web.class, Counter.class).parent(parent).run(ARGUMENTS);
		assertThat(call(portOf(parent), "test/greeter")).isEqualTo(200);
		assertThat(call(portOf(this.context), "test/counter")).isEqualTo(404);
		assertThat(output)
			.contains("1 stateful function is registered, but no cluster can reach them: [test/counter]. The endpoint "
					+ "needs a servlet web application with Spring MVC, or the dependency "
					+ "'statefun-spring-boot-starter-netty' and 'statefun.server.engine=netty'; below a parent that has a DispatcherServlet, "
					+ "Boot sets up no other, so declare one in this context")
			.doesNotContain("POST /statefun: [test/counter]");
	}

	@Test
	void childMayConfigureFunctionsOfTheParent() throws Exception {
		this.context = childOf(web(Web.class, Greeter.class).run(with(SETTING)), Web.class, Counter.class)
			.run(ARGUMENTS);
		assertThat(call(portOf(this.context), "test/counter")).isEqualTo(200);
	}

	@Test
	void childRegistryTakesPrecedence() throws Exception {
		this.context = childOf(web(Web.class, Greeter.class).run(ARGUMENTS), Web.class, OwnRegistry.class)
			.run(ARGUMENTS);
		assertThat(call(portOf(this.context), "test/own")).isEqualTo(200);
		assertThat(call(portOf(this.context), "test/greeter")).isEqualTo(500);
	}

	@Test
	void parentRegistryWithoutAServerCausesAWarning(CapturedOutput output) throws Exception {
		this.context = plain(OwnRegistry.class).child(Web.class, Counter.class)
			.web(WebApplicationType.SERVLET)
			.run(ARGUMENTS);
		assertThat(call(portOf(this.context), "test/counter")).isEqualTo(200);
		assertThat(output).contains("Functions [test/own] of the registry 'ownRegistry' are not served, as it is in a "
				+ "parent context without an endpoint. Define that bean in the context that serves, or annotate "
				+ "its functions with @StatefulFunction");
	}

	@Test
	void childWithoutFunctionsPointsToTheParent(CapturedOutput output) {
		this.context = childOf(web(Web.class, Greeter.class).run(ARGUMENTS), Web.class).run(ARGUMENTS);
		assertThat(output).contains("Serving 1 stateful function at POST /statefun: [test/greeter]")
			.contains("No stateful functions were found. Annotate a bean with "
					+ "@StatefulFunction(\"<namespace>/<name>\"), or register one with a StatefulFunctionsCustomizer. "
					+ "Those of a parent context that has an endpoint are served there alone");
	}

	private static SpringApplicationBuilder web(Class<?>... sources) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.SERVLET);
	}

	// The parent of a builder's child has no server
	private static SpringApplicationBuilder childOf(ConfigurableApplicationContext parent, Class<?>... sources) {
		return web(sources).sources(OwnServlet.class).parent(parent);
	}

	private static SpringApplicationBuilder plain(Class<?>... sources) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE);
	}

	private static String[] with(String argument) {
		return new String[] { ARGUMENTS[0], ARGUMENTS[1], ARGUMENTS[2], argument };
	}

	private static int portOf(ApplicationContext context) {
		return Objects.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer()).getPort();
	}

	private static int clusterPortOf(ApplicationContext context) {
		return Objects.requireNonNull(context.getEnvironment().getProperty("local.statefun.port", Integer.class));
	}

	private static int keepAliveOf(ApplicationContext context) {
		TomcatWebServer server = (TomcatWebServer) Objects
			.requireNonNull(((ServletWebServerApplicationContext) context).getWebServer());
		return ((AbstractHttp11Protocol<?>) server.getTomcat().getConnector().getProtocolHandler())
			.getKeepAliveTimeout();
	}

	private int call(int port, String type) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/statefun"))
			.header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(ClusterRequest.v3(type, "joe").message(2).toByteArray()))
			.build();
		HttpResponse<byte[]> response = this.client.send(request, HttpResponse.BodyHandlers.ofByteArray());
		if (response.statusCode() == 200) {
			assertThat(ClusterReply.v3(response.body())).isNotNull();
		}
		return response.statusCode();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, SslAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, StatefunAutoConfiguration.class, StatefunExecutionAutoConfiguration.class,
			StatefunFunctionSettingsAutoConfiguration.class, StatefunActuatorAutoConfiguration.class,
			StatefunMetricsAutoConfiguration.class, StatefunSecurityAutoConfiguration.class,
			StatefunWebMvcAutoConfiguration.class })
	static class Web {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class })
	static class WebWithoutFunctions {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, StatefunAutoConfiguration.class,
			StatefunExecutionAutoConfiguration.class, StatefunFunctionSettingsAutoConfiguration.class,
			StatefunActuatorAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
	static class NonWeb {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnServlet {

		@Bean
		DispatcherServlet ownServlet() {
			return new DispatcherServlet();
		}

		@Bean
		DispatcherServletRegistrationBean ownServletRegistration(@Qualifier("ownServlet") DispatcherServlet servlet) {
			return new DispatcherServletRegistrationBean(servlet, "/");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Meters {

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnRegistry {

		@Bean
		StatefulFunctions ownRegistry() {
			FunctionHandler handler = new Nothing();
			return StatefulFunctions.builder().register(FunctionSpec.of("test/own"), handler).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByCode {

		@Bean
		StatefulFunctionsCustomizer byCode() {
			return (functions) -> functions.register(FunctionSpec.of("test/by-code"), new Nothing());
		}

	}

	static class Nothing implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
		}

	}

	static class Service {

		private volatile int calls;

	}

	@StatefulFunction("test/counter")
	static class Counter {

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/greeter")
	static class Greeter {

		private final List<Service> services;

		Greeter(ObjectProvider<Service> services) {
			this.services = services.orderedStream().toList();
		}

		@Handler
		void on(int message) {
			this.services.forEach((service) -> service.calls++);
		}

	}

	@StatefulFunction("test/greeter")
	static class SecondGreeter {

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction("test/other")
	static class Other {

		@Handler
		void on(int message) {
		}

	}

	@StatefulFunction(type = "test/skipping", onFailure = OnFailure.SKIP)
	static class Skipping {

		@Handler
		void on(int message) {
			throw new IllegalStateException("failed");
		}

	}

}
