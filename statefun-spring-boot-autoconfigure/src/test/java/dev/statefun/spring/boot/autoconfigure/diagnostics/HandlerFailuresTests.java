package dev.statefun.spring.boot.autoconfigure.diagnostics;

import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failure analyses of invalid handlers.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandlerFailuresTests {

	private static final String SELF = HandlerFailuresTests.class.getName();

	private static final String PARAMETERS = "Keep one parameter for the message, besides Context, Timers, @Header, "
			+ "@Persisted PersistedValue parameters and records of PersistedValue components.";

	private static final String AWAITED = "Return void, a value to reply, an Optional or a CompletionStage of one.";

	private static final String ASYNC = "it is @Async, so it would still run when the batch has been answered, "
			+ "and its effects would be lost.";

	private static final String STAGE = "Remove @Async, and return a CompletionStage.";

	private final WebApplicationContextRunner contextRunner = StartUpFailure.contextRunner();

	static Stream<StartUpFailure> failures() {
		return Stream.of(
				StartUpFailure.notServed(StaticHandler.class, "handler 'StaticHandler.on(int)' is static.",
						"Make it an instance method."),
				StartUpFailure.notServed(NoMessage.class,
						"handler 'NoMessage.on(Context, PersistedValue)' has no parameter for the message.",
						PARAMETERS),
				StartUpFailure.notServed(TwoMessages.class,
						"handler 'TwoMessages.on(int, String)' has two parameters that could be the message, "
								+ "of the types 'int' and 'java.lang.String'.",
						PARAMETERS),
				StartUpFailure.notServed(ReturnsFuture.class,
						"result of handler 'ReturnsFuture.on(int)': 'java.util.concurrent.Future' is never "
								+ "waited for.",
						AWAITED),
				StartUpFailure.notServed(ReturnsStream.class,
						"result of handler 'ReturnsStream.on(int)': 'java.util.stream.Stream' is never "
								+ "waited for.",
						AWAITED),
				StartUpFailure.notServed(ReturnsPublisher.class,
						"result of handler 'ReturnsPublisher.on(int)': 'java.util.concurrent.Flow$Publisher' is never "
								+ "waited for.",
						AWAITED),
				StartUpFailure.notServed(Ambiguous.class,
						"handlers 'Ambiguous.first(int)' and 'Ambiguous.second(int)' both take messages of the "
								+ "type 'io.statefun.types/int'.",
						"Keep one handler for each type."),
				StartUpFailure.notServed(TwoFallbacks.class,
						"handlers 'TwoFallbacks.first(Any)' and 'TwoFallbacks.second(Any)' both take messages "
								+ "of the type 'google.protobuf.Any'.",
						"Keep one handler for each type."),
				StartUpFailure.notServed(NoHandlers.class,
						"class '" + SELF + "$NoHandlers' has no @Handler method and is no FunctionHandler.",
						"Add a method with @Handler, or implement FunctionHandler."),
				StartUpFailure.notServed(TwoForms.class,
						"class '" + SELF + "$TwoForms' is a FunctionHandler and has @Handler methods.",
						"Keep one or the other."),
				StartUpFailure.notServed(AsyncHandler.class, "handler 'AsyncHandler.on(int)' can't be called: " + ASYNC,
						STAGE),
				StartUpFailure.notServed(AsyncUntyped.class,
						"handler 'AsyncUntyped.handle(Context, Any)' can't be called: " + ASYNC, STAGE),
				new StartUpFailure("final handler behind a proxy", ProxiedFinal.class,
						"Bean 'function' can't be served as a stateful function: handler 'FinalHandler.on(int)' can't "
								+ "be called: it is final, so the bean's proxy can't pass calls on.",
						"Remove 'final'."),
				new StartUpFailure("JDK proxy", ProxiedByInterface.class,
						"Bean 'function' can't be served as a stateful function: handler 'Unexposed.on(int)' can't be "
								+ "called: the bean is a JDK proxy, and none of its interfaces has the method.",
						"Declare the method in an interface of the bean, or let the proxy extend the class "
								+ "(spring.aop.proxy-target-class=true)."));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureIsExplained(StartUpFailure failure) {
		failure.requireExplanation(this.contextRunner);
	}

	@Test
	void failedStartUpPrintsTheAnalysis(CapturedOutput output) {
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
						StartUpFailure.beanName(StaticHandler.class)))
				.doesNotContain("\tat dev.statefun");
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

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(StatefunAutoConfiguration.class)
	static class Application {

	}

}
