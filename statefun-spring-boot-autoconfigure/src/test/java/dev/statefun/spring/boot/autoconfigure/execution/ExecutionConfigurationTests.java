package dev.statefun.spring.boot.autoconfigure.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.RequestReplyHandlerCustomizer;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.execution.ConcurrencyLimits;
import dev.statefun.spring.execution.InvocationRetry;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the interceptors that the execution properties configure.
 */
class ExecutionConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class,
				StatefunExecutionAutoConfiguration.class, StatefunAutoConfiguration.class))
		.withBean(Failing.class);

	@Test
	void noInterceptorsByDefault() {
		this.contextRunner.run((context) -> {
			Object options = ReflectionTestUtils.getField(context.getBean(RequestReplyHandler.class), "options");
			assertThat(options).hasFieldOrPropertyWithValue("policy", null)
				.hasFieldOrPropertyWithValue("interceptors", List.of())
				.hasFieldOrPropertyWithValue("listener", null);
		});
	}

	@Test
	void interceptorsRunInOrderAndOncePerMessageDespiteRetries() {
		this.contextRunner.withUserConfiguration(Interceptors.class)
			.withPropertyValues("statefun.failure.retry.max-retries=2", "statefun.failure.retry.delay=1ms",
					"statefun.functions.[test/failing].max-concurrency=1", "statefun.invocation-timeout=5s")
			.run((context) -> {
				byte[] request = ClusterRequest.v3("test/failing", "joe").message(1).toByteArray();
				assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
					.failsWithin(5, TimeUnit.SECONDS);
				assertThat(context.getBean(Interceptors.class).events).containsExactly("first", "second", "unordered");
				assertThat(context.getBean(Failing.class).calls).isEqualTo(3);
				Object options = Objects.requireNonNull(
						ReflectionTestUtils.getField(context.getBean(RequestReplyHandler.class), "options"));
				List<?> interceptors = Objects
					.requireNonNull((List<?>) ReflectionTestUtils.getField(options, "interceptors"));
				assertThat(interceptors).hasSize(5);
				assertThat(interceptors.get(0)).isInstanceOf(ConcurrencyLimits.class);
				assertThat(interceptors.get(4)).isInstanceOf(InvocationRetry.class);
			});
	}

	@Test
	void customizersAreCalledLastAndInTheirOrder() {
		this.contextRunner.withUserConfiguration(Interceptors.class, Customizers.class)
			.withPropertyValues("statefun.failure.retry.max-retries=1", "statefun.failure.retry.delay=1ms")
			.run((context) -> {
				byte[] request = ClusterRequest.v3("test/failing", "joe").message(1).toByteArray();
				assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
					.succeedsWithin(5, TimeUnit.SECONDS);
				assertThat(context.getBean(Interceptors.class).events).containsExactly("first", "second", "unordered",
						"outer", "inner", "outer", "inner");
			});
	}

	@Test
	void customizerLeavesTheThreadAsItWas() {
		this.contextRunner
			.withBean(RequestReplyHandlerCustomizer.class, () -> (handler) -> Thread.currentThread().interrupt())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(Thread.interrupted()).isFalse();
			});
	}

	@Test
	void invocationTimeoutMustBeShorterThanTheBatchTimeout() {
		for (String timeout : List.of("110s", "2h")) {
			this.contextRunner.withPropertyValues("statefun.invocation-timeout=" + timeout)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("shorter than 'statefun.batch-timeout', which is at most PT1M50S"));
		}
		this.contextRunner.withPropertyValues("statefun.invocation-timeout=109s")
			.run((context) -> assertThat(context).hasNotFailed());
		this.contextRunner.withPropertyValues("statefun.invocation-timeout=8s", "statefun.batch-timeout=8s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("which is at most PT8S"));
		this.contextRunner.withPropertyValues("statefun.invocation-timeout=2h", "statefun.batch-timeout=0")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@StatefulFunction("test/failing")
	static class Failing {

		private int calls;

		@Handler
		void on(int message) {
			this.calls++;
			throw new IllegalStateException("made to fail");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Interceptors {

		private final List<String> events = new ArrayList<>();

		@Bean
		InvocationInterceptor unordered() {
			return named("unordered");
		}

		@Bean
		@Order(2)
		InvocationInterceptor second() {
			return named("second");
		}

		@Bean
		@Order(1)
		InvocationInterceptor first() {
			return named("first");
		}

		InvocationInterceptor named(String name) {
			return (invocation) -> {
				this.events.add(name);
				return invocation.proceed();
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		@Bean
		@Order(2)
		RequestReplyHandlerCustomizer innerCustomizer(Interceptors interceptors) {
			return (handler) -> handler.interceptor(interceptors.named("inner"));
		}

		@Bean
		@Order(1)
		RequestReplyHandlerCustomizer outerCustomizer(Interceptors interceptors) {
			return (handler) -> handler.failurePolicy((failed) -> FailureAction.skip())
				.interceptor(interceptors.named("outer"));
		}

	}

}
