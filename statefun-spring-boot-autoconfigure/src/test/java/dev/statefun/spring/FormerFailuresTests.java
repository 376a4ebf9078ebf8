package dev.statefun.spring;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Regression tests for bugs of earlier adapters.
 */
class FormerFailuresTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, StatefunAutoConfiguration.class,
				StatefunWebMvcAutoConfiguration.class, WebMvcAutoConfiguration.class,
				DispatcherServletAutoConfiguration.class))
		.withUserConfiguration(Account.class);

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aspectOnAFunctionBeanDoesNotBreakStartUp(boolean proxyTargetClass) {
		this.contextRunner.withUserConfiguration(CountingAspect.class, Exposed.class)
			.withPropertyValues("spring.aop.proxy-target-class=" + proxyTargetClass)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(AopUtils.isCglibProxy(context.getBean(Account.class))).isTrue();
				assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Exposing.class))).isEqualTo(!proxyTargetClass);
				assertReply(context, "test/account", 2, 42);
				assertReply(context, "test/exposed", 2, 42);
				assertThat(context.getBean(CountingAspect.class).calls).hasValue(2);
			});
	}

	@Test
	void throwingAspectFailsTheRequestAndCommitsNothing() {
		this.contextRunner.withUserConfiguration(ThrowingAspect.class).run((context) -> {
			assertThat(AopUtils.isAopProxy(context.getBean(Account.class))).isTrue();
			MvcTestResult result = post(context, request("test/account", true).message(2).toByteArray());
			assertThat(result).hasStatus(500).bodyText().doesNotContain("advice");
			assertThat(context.getBean(Account.class).calls()).isEqualTo(1);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void messageOfAnUnknownTypeIsNotAcknowledged(boolean v3) {
		this.contextRunner.run((context) -> {
			byte[] request = request("test/account", v3).message(2)
				.message("shop/Unknown", ByteString.EMPTY)
				.message(3)
				.toByteArray();
			assertThat(post(context, request)).hasStatus(500);
			CompletableFuture<byte[]> reply = context.getBean(RequestReplyHandler.class)
				.handle(request)
				.toCompletableFuture();
			assertThat(reply).isCompletedExceptionally();
			assertThat(reply.handle((bytes, ex) -> ex).join()).isInstanceOf(InvocationFailedException.class);
			assertReply(context, "test/account", 2, 42);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void stateWrittenBeforeAnExceptionIsNotCommitted(boolean v3) {
		this.contextRunner.run((context) -> {
			byte[] request = request("test/account", v3).message(2).message(-1).toByteArray();
			MvcTestResult result = post(context, request);
			assertThat(result).hasStatus(500);
			assertThat(Objects.requireNonNull(result.getResponse().getContentType())).startsWith("text/plain");
			assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
				.isCompletedExceptionally();
			assertThat(context.getBean(Account.class).calls()).isEqualTo(4);
			// The written value is not kept here either
			assertReply(context, "test/account", 2, 42);
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { -2, -3 })
	void stateWrittenBeforeAStageFailsIsNotCommitted(long failing) {
		this.contextRunner.withUserConfiguration(Later.class).run((context) -> {
			byte[] request = request("test/later", true).message(2).message((int) failing).toByteArray();
			assertThat(context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture())
				.isCompletedExceptionally();
			assertReply(context, "test/later", 2, 42);
		});
	}

	private static ClusterRequest request(String type, boolean v3) {
		return ClusterRequest.of(v3, type, "joe").intState("total", 40);
	}

	private static void assertReply(AssertableWebApplicationContext context, String type, int amount, int total) {
		MvcTestResult result = post(context, request(type, true).message(amount).toByteArray());
		assertThat(result).hasStatusOk();
		assertThat(ClusterReply.v3(result.getResponse().getContentAsByteArray()).intStates()).containsEntry("total",
				total);
	}

	private static MvcTestResult post(AssertableWebApplicationContext context, byte[] body) {
		return MockMvcTester.from(context.getSourceApplicationContext())
			.post()
			.uri("/statefun")
			.content(body)
			.exchange();
	}

	@StatefulFunction("test/account")
	static class Account {

		private final AtomicInteger calls = new AtomicInteger();

		int calls() {
			return this.calls.get();
		}

		@Handler
		void change(int amount, @Persisted("total") PersistedValue<Integer> total, Context context) {
			this.calls.incrementAndGet();
			total.set(total.get().orElse(0) + amount);
			context.send("test/other", "joe", amount);
			if (amount < 0) {
				throw new IllegalStateException("after the state was written");
			}
		}

	}

	@StatefulFunction("test/later")
	static class Later {

		@Handler
		CompletionStage<Void> change(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
			return switch (amount) {
				case -2 -> CompletableFuture.failedFuture(new IllegalStateException("at once"));
				case -3 -> CompletableFuture.completedStage(0).thenAccept((zero) -> {
					throw new IllegalStateException("in the stage");
				});
				default -> CompletableFuture.completedStage(null);
			};
		}

	}

	interface Exposing {

		void change(int amount, PersistedValue<Integer> total);

	}

	@StatefulFunction("test/exposed")
	static class Exposed implements Exposing {

		@Override
		@Handler
		public void change(int amount, @Persisted("total") PersistedValue<Integer> total) {
			total.set(total.get().orElse(0) + amount);
		}

	}

	@Aspect
	static class CountingAspect {

		private final AtomicInteger calls = new AtomicInteger();

		@Around("@annotation(dev.statefun.sdk.Handler)")
		@Nullable Object count(ProceedingJoinPoint point) throws Throwable {
			this.calls.incrementAndGet();
			return point.proceed();
		}

	}

	@Aspect
	static class ThrowingAspect {

		@Around("@annotation(dev.statefun.sdk.Handler)")
		@Nullable Object fail(ProceedingJoinPoint point) throws Throwable {
			point.proceed();
			throw new IllegalStateException("advice failed");
		}

	}

}
