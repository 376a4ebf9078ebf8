package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.Map;

import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.client.RequestObserver.ObservedRequest;
import dev.statefun.spring.gateway.web.GatewayHttpHandler;
import dev.statefun.spring.testing.ScriptedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.resource.ResourceHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StatefunGatewayHttpAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatefunGatewayHttpAutoConfigurationTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(StatefunAutoConfiguration.class,
			StatefunGatewayHttpAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class);

	private static final String ABSENT = "'statefun.gateway.http.enabled' is set, but functions can't be reached over "
			+ "HTTP: ";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withUserConfiguration(Gateway.class)
		.withPropertyValues("statefun.gateway.http.enabled=true", "statefun.gateway.functions=a/b");

	@Test
	void functionsCanBeReachedIfEnabled(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(GatewayHttpHandler.class));
		assertThat(output).doesNotContain(ABSENT);
	}

	@Test
	void functionsCantBeReachedByDefault(CapturedOutput output) {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Gateway.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayHttpHandler.class));
		assertThat(output).doesNotContain("statefun.gateway");
	}

	@Test
	void withoutServletServerTheLogTells(CapturedOutput output) {
		new ReactiveWebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Gateway.class)
			.withPropertyValues("statefun.gateway.http.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayHttpHandler.class));
		assertThat(output).containsOnlyOnce(
				ABSENT + "that requires Spring MVC on a servlet server, and Jackson. FunctionClient works here");
	}

	@Test
	void withoutWebApplicationTheLogTells(CapturedOutput output) {
		new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withUserConfiguration(Gateway.class)
			.withPropertyValues("statefun.gateway.http.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayHttpHandler.class));
		assertThat(output).containsOnlyOnce(ABSENT + "that requires Spring MVC");
	}

	@ParameterizedTest
	@ValueSource(classes = { DispatcherServlet.class, JsonMapper.class })
	void withoutSpringMvcOrJacksonTheLogTells(Class<?> missing, CapturedOutput output) {
		new WebApplicationContextRunner().withClassLoader(new FilteredClassLoader(missing))
			.withConfiguration(AutoConfigurations.of(StatefunGatewayHttpAutoConfiguration.class))
			.withUserConfiguration(Gateway.class)
			.withPropertyValues("statefun.gateway.http.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayLocation.class));
		assertThat(output).containsOnlyOnce(ABSENT + "that requires Spring MVC");
	}

	@Test
	void withoutGatewayTheLogTells(CapturedOutput output) {
		new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("statefun.gateway.http.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(GatewayHttpHandler.class));
		assertThat(output).containsOnlyOnce(ABSENT + "there is no gateway to send requests to.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "gateway", "/gateway/", "/gate way", "/gateway/**", "/{gateway}", "/a//b", "/.",
			"/a/..", "/gate%20way", "/a;b" })
	void otherPathsAreRefused(String path) {
		this.contextRunner.withPropertyValues("statefun.gateway.http.path=" + path)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'statefun.gateway.http.path' is '" + path + "'"));
	}

	@ParameterizedTest
	@CsvSource({ "/statefun, /statefun", "/statefun/gateway, /statefun", "/a, /a/b" })
	void pathOfTheEndpointIsRefused(String path, String endpoint) {
		this.contextRunner.withPropertyValues("statefun.gateway.http.path=" + path, "statefun.path=" + endpoint)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'statefun.gateway.http.path' is '" + path
						+ "', and the endpoint for StateFun clusters is at '" + endpoint + "'"));
	}

	@Test
	void handlersAtThePathOfTheGatewayAreNamedOnce(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Pages.class).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output)
			.containsOnlyOnce("Functions are reached below '/statefun-gateway', so these handlers are never "
					+ "called there: [a handler of bean 'files', " + Pages.class.getName() + "#exact(), "
					+ Pages.class.getName()
					+ "#within()]. Map them elsewhere, or set 'statefun.gateway.http.path' to another path");
	}

	@Test
	void handlersElsewhereAreNotNamed(CapturedOutput output) {
		this.contextRunner.withUserConfiguration(Pages.class)
			.withPropertyValues("statefun.gateway.http.path=/elsewhere")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("never called");
	}

	@Test
	void otherFunctionPatternsAreRefused() {
		this.contextRunner.withPropertyValues("statefun.gateway.functions=*/*")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'*/*' in 'statefun.gateway.functions'"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Gateway {

		@Bean
		GatewayRequests gatewayRequests() {
			return new GatewayRequests(new ScriptedGateway(), () -> {
			}, (target, kind) -> ObservedRequest.NONE, 2048, 100, GatewayThreads.platform());
		}

	}

	@RestController
	static class Pages {

		@GetMapping("/statefun-gateway")
		String exact() {
			return "";
		}

		@PostMapping({ "/pages", "/statefun-gateway/{name}/pages" })
		String within() {
			return "";
		}

		@GetMapping("/statefun-gateways/{name}")
		String beside() {
			return "";
		}

		@GetMapping("/{other}/pages")
		String general() {
			return "";
		}

		@Bean
		SimpleUrlHandlerMapping files() {
			return new SimpleUrlHandlerMapping(Map.of("/statefun-gateway/files/**", new ResourceHttpRequestHandler()));
		}

	}

}
