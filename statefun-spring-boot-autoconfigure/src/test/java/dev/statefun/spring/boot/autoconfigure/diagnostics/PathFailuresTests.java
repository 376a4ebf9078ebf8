package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of conflicts about the endpoint's path.
 */
class PathFailuresTests {

	private static final String SELF = PathFailuresTests.class.getName();

	private static final String FREE_PATH = "Set 'statefun.path' to a free path, or map the other handler elsewhere.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				new StartUpFailure("controller on POST", PostController.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to " + SELF
								+ "$PostController#post() as well.",
						FREE_PATH),
				new StartUpFailure("controller on any method", AnyController.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to " + SELF
								+ "$AnyController#any() as well.",
						FREE_PATH),
				new StartUpFailure("URL mapping", UrlMapping.class,
						"Path '/statefun' is the endpoint for StateFun clusters, but is mapped to a handler of bean 'otherMapping' as well.",
						FREE_PATH));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@Test
	void getOnlyControllerIsNotAConflict() {
		this.contextRunner.withUserConfiguration(GetController.class, Counter.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(GetController.class));
	}

	@Test
	void anotherPathResolvesTheConflict() {
		this.contextRunner.withUserConfiguration(PostController.class, Counter.class)
			.withPropertyValues("statefun.path=/functions")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void conflictWithAConfiguredPathIsExplained() {
		this.contextRunner.withUserConfiguration(OtherController.class)
			.withPropertyValues("statefun.path=/other")
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = StartUpFailure.analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(analysis.getDescription())
					.isEqualTo("Path '/other' is the endpoint for StateFun clusters, but is mapped to " + SELF
							+ "$OtherController#post() as well.");
			});
	}

	@StatefulFunction("test/same")
	static class Counter {

		@Handler
		void on(int message) {
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

}
