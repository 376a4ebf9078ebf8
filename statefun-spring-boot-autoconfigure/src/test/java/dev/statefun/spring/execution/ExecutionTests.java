package dev.statefun.spring.execution;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.InvalidMessageException;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.handler.Deadlines;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.retry.RetryPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for timeouts, retries and concurrency limits of handlers.
 */
@Timeout(60)
class ExecutionTests {

	private static final FunctionType FUNCTION = FunctionType.parse("test/scripted");

	private static final Duration SHORT = Duration.ofMillis(60);

	private final Deadlines deadlines = new Deadlines();

	private final ExecutorService executor = Executors.newFixedThreadPool(8);

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void stopThreads() {
		this.deadlines.close();
		this.executor.shutdownNow();
		// A leftover interrupt would affect the next test
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void blockedHandlerIsInterruptedAndItsThreadReused() {
		RequestReplyHandler handler = handler((amount, context) -> block()).batchTimeout(SHORT).build();
		assertTimedOut(limited(handler, 1, 2), "message 1 of 2");
		assertThat(this.calls).hasValue(1);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		RequestReplyHandler other = handler((amount, context) -> null).batchTimeout(SHORT).build();
		assertThat(replyOf(limited(other, 1)).intStates()).containsEntry("total", 1);
	}

	// A handler may react to its interrupt with any exception, or with none
	@ParameterizedTest
	@ValueSource(strings = { "wraps", "wraps and restores", "returns" })
	void skippingDoesNotHideATimeout(String answer) {
		RequestReplyHandler handler = handler((amount, context) -> {
			try {
				return block();
			}
			catch (InterruptedException ex) {
				if (answer.equals("returns")) {
					return null;
				}
				if (answer.equals("wraps and restores")) {
					Thread.currentThread().interrupt();
				}
				throw new IllegalStateException("gave up", ex);
			}
		}).failurePolicy((failed) -> FailureAction.skip()).batchTimeout(SHORT).build();
		assertTimedOut(limited(handler, 1), "message 1 of 1");
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void slowHandlersStopAtTheLimit() {
		RequestReplyHandler handler = handler((amount, context) -> {
			new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
			return null;
		}).batchTimeout(SHORT).build();
		assertTimedOut(limited(handler, new int[100]), " of 100");
		assertThat(this.calls.get()).isLessThan(60);
	}

	@Test
	void lateCompletionOfAStageHasNoEffect() {
		CompletableFuture<Object> pending = new CompletableFuture<>();
		RequestReplyHandler handler = handler((amount, context) -> pending).batchTimeout(SHORT).build();
		CompletionStage<byte[]> reply = limited(handler, 1, 2);
		assertTimedOut(reply, "message 1 of 2");
		pending.complete(null);
		assertThat(this.calls).hasValue(1);
	}

	@Test
	void handlerBlockedOnTheThreadOfAStageIsInterrupted() {
		CompletableFuture<Object> first = new CompletableFuture<>();
		AtomicBoolean interrupted = new AtomicBoolean();
		RequestReplyHandler handler = handler((amount, context) -> {
			if (amount == 1) {
				return first;
			}
			try {
				return block();
			}
			catch (InterruptedException ex) {
				interrupted.set(true);
				throw ex;
			}
		}).batchTimeout(SHORT).build();
		CompletionStage<byte[]> reply = limited(handler, 1, 2, 3);
		Future<Boolean> flag = this.executor.submit(() -> {
			first.complete(null);
			return Thread.currentThread().isInterrupted();
		});
		assertTimedOut(reply, "message 2 of 3");
		assertThat(flag).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
		assertThat(interrupted).isTrue();
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void handlerBlockedAfterWaitingIsInterruptedAndReleasesItsPermit() {
		CompletableFuture<Object> holder = new CompletableFuture<>();
		RequestReplyHandler handler = handler((amount, context) -> switch (amount) {
			case 1 -> holder;
			case 2 -> block();
			default -> null;
		}).interceptor(new ConcurrencyLimits(Map.of(FUNCTION, 1), this.executor))
			.batchTimeout(Duration.ofSeconds(20))
			.build();
		CompletionStage<byte[]> first = handler.handle(request(1));
		CompletionStage<byte[]> second = limited(handler, 2);
		holder.complete(null);
		assertTimedOut(second, "message 1 of 1");
		assertThat(handler.handle(request(3)).toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(first.toCompletableFuture()).isDone();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void singleMessageHasItsOwnTimeout(boolean plain) {
		RequestReplyHandler handler = handler((amount, context) -> plain ? block() : new CompletableFuture<>())
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor(retry(3))
			.invocationTimeout(SHORT)
			.build();
		assertThatExceptionOfType(InvocationFailedException.class).isThrownBy(() -> joined(handler.handle(request(1))))
			.withMessageContaining(FUNCTION.toString())
			.withMessageContaining("statefun.invocation-timeout")
			.withCauseInstanceOf(BatchTimeoutException.class);
		assertThat(this.calls).hasValue(1);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	// Each request ends close to its deadline, so that every order of events occurs
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void requestsEndingAtTheDeadlineAreAnsweredOnce(boolean plain) throws Exception {
		Duration tiny = Duration.ofMillis(25);
		RequestReplyHandler handler = handler((amount, context) -> {
			long nanos = TimeUnit.MICROSECONDS.toNanos(amount);
			if (plain) {
				new CountDownLatch(1).await(nanos, TimeUnit.NANOSECONDS);
				return null;
			}
			return new CompletableFuture<>().completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS);
		}).invocationTimeout(tiny.minusMillis(2)).batchTimeout(tiny).build();
		ExecutorService clients = Executors.newFixedThreadPool(64);
		AtomicInteger stray = new AtomicInteger();
		AtomicInteger failed = new AtomicInteger();
		try {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < 4000; i++) {
				int micros = 20_000 + i * 7919 % 8000;
				all.add(clients.submit(() -> {
					try {
						assertThat(replyOf(handler.handle(request(micros))).intStates()).containsEntry("total", micros);
					}
					catch (InvocationFailedException ex) {
						failed.incrementAndGet();
					}
					if (Thread.interrupted()) {
						stray.incrementAndGet();
					}
				}));
			}
			for (Future<?> each : all) {
				each.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			clients.shutdownNow();
		}
		assertThat(stray).hasValue(0);
		assertThat(failed.get()).isBetween(1, 3999);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void effectsOfFailedAttemptsAreRolledBack(boolean plain) {
		RequestReplyHandler handler = handler((amount, context) -> {
			context.sendEgress("test/out", "attempt " + this.calls.get());
			context.send("test/other", "a", "attempt " + this.calls.get());
			if (this.calls.get() < 3) {
				return failing(plain);
			}
			return null;
		}).interceptor(retry(2)).build();
		ClusterReply reply = replyOf(handler.handle(request(5)));
		assertThat(reply.intStates()).containsEntry("total", 5);
		assertThat(reply.egresses()).singleElement().asString().contains("attempt 3");
		assertThat(reply.messages()).singleElement().asString().contains("attempt 3");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failurePolicyRunsAfterTheLastRetry(boolean plain) {
		RequestReplyHandler handler = handler((amount, context) -> (amount == 1) ? failing(plain) : null)
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor(retry(2))
			.build();
		assertThat(replyOf(handler.handle(request(1, 7))).intStates()).containsEntry("total", 7);
		assertThat(this.calls).hasValue(4);
	}

	@Test
	void messageWithoutAHandlerIsNotRetried() {
		AtomicInteger attempts = new AtomicInteger();
		RequestReplyHandler handler = handler((amount, context) -> null).interceptor(retry(5))
			.interceptor((invocation) -> {
				attempts.incrementAndGet();
				return invocation.proceed();
			})
			.build();
		for (ClusterRequest request : List.of(empty().message("test/Unknown", ByteString.EMPTY),
				empty().message("io.statefun.types/int", ByteString.copyFromUtf8("garbage")))) {
			attempts.set(0);
			assertThatExceptionOfType(InvocationFailedException.class)
				.isThrownBy(() -> joined(handler.handle(request.toByteArray())));
			assertThat(attempts).hasValue(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void unreadableStateIsNotRetried(boolean plain) {
		RequestReplyHandler handler = handler((amount, context) -> null).interceptor(retry(2))
			.interceptor((invocation) -> {
				try {
					return invocation.proceed();
				}
				catch (IllegalStateException ex) {
					Exception wrapped = new IllegalArgumentException("no total", ex);
					if (plain) {
						throw wrapped;
					}
					return CompletableFuture.failedFuture(wrapped);
				}
			})
			.build();
		byte[] request = ClusterRequest.v3(FUNCTION.toString(), "joe")
			.state("total", "io.statefun.types/string", ByteString.EMPTY)
			.message(1)
			.toByteArray();
		assertThat(handler.handle(request).toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
		assertThat(this.calls).hasValue(1);
	}

	// Retried: everything that is not caused by the message or the JVM
	@ParameterizedTest
	@CsvSource({ "1, true", "1, false", "2, true", "2, false", "3, true", "3, false", "4, true", "4, false" })
	void wrappedExceptionsAreRetriedByTheirCause(int message, boolean plain) {
		Throwable inside = switch (message) {
			case 1 -> new InvalidMessageException("invalid", null);
			case 2 -> new InterruptedException("interrupted");
			case 3 -> new NoClassDefFoundError("gone");
			default -> new IOException("broken");
		};
		RequestReplyHandler handler = handler((amount, context) -> {
			Exception wrapped = new UndeclaredThrowableException(new InvocationTargetException(inside));
			if (plain) {
				throw wrapped;
			}
			return CompletableFuture.supplyAsync(() -> {
				throw new CompletionException(wrapped);
			});
		}).interceptor(retry(2)).build();
		assertThat(handler.handle(request(message)).toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
		assertThat(this.calls).hasValue((message == 4) ? 3 : 1);
	}

	@Test
	void retriesEndWithTheBatch() {
		RequestReplyHandler handler = handler((amount, context) -> failing(true))
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor(retry(Long.MAX_VALUE))
			.batchTimeout(SHORT)
			.build();
		assertTimedOut(limited(handler, 1), "message 1 of 1");
	}

	@Test
	void rejectedRetryIsNeverSkipped() {
		RequestReplyHandler handler = handler((amount, context) -> failing(false))
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor(new InvocationRetry(policy(2), Map.of(), refusing()))
			.build();
		assertThat(handler.handle(request(1)).toCompletableFuture()).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withMessageContaining("no thread took the message");
	}

	@Test
	void concurrencyLimitHoldsAndNoMessageIsLost() throws Exception {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		RequestReplyHandler handler = handler((amount, context) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			Thread.onSpinWait();
			if (amount % 3 == 0) {
				return CompletableFuture.runAsync(running::decrementAndGet, this.executor);
			}
			running.decrementAndGet();
			return (amount % 3 == 1) ? null : failing(amount % 2 == 0);
		}).failurePolicy((failed) -> FailureAction.skip())
			.interceptor(new ConcurrencyLimits(Map.of(FUNCTION, 3), this.executor))
			.build();
		ExecutorService clients = Executors.newFixedThreadPool(32);
		CyclicBarrier start = new CyclicBarrier(32);
		try {
			List<Future<Integer>> all = new ArrayList<>();
			for (int i = 0; i < 32; i++) {
				all.add(clients.submit(() -> {
					start.await();
					int right = 0;
					for (int k = 0; k < 300; k++) {
						int expected = (k % 3 == 2) ? 0 : k;
						@Nullable Integer total = replyOf(handler.handle(request(k))).intStates().getOrDefault("total", 0);
						right += Integer.valueOf(expected).equals(total) ? 1 : 0;
					}
					return right;
				}));
			}
			for (Future<Integer> each : all) {
				assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(300);
			}
		}
		finally {
			clients.shutdownNow();
		}
		assertThat(most.get()).isBetween(1, 3);
	}

	@Test
	void messagesWaitInOrderPerFunction() {
		CompletableFuture<Object> holder = new CompletableFuture<>();
		List<Integer> order = new ArrayList<>();
		RequestReplyHandler handler = handler((amount, context) -> {
			order.add(amount);
			return (amount == 0) ? holder : null;
		}).interceptor(new ConcurrencyLimits(Map.of(FUNCTION, 1), Runnable::run)).build();
		List<CompletionStage<byte[]>> replies = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			replies.add(handler.handle(request(i)));
		}
		replyOf(handler.handle(ClusterRequest.v3("test/other", "joe").intState("total", 0).message(1).toByteArray()));
		assertThat(order).containsExactly(0);
		holder.complete(null);
		replies.forEach((reply) -> replyOf(reply));
		assertThat(order).isSorted().hasSize(20);
	}

	@Test
	void batchAbandonedWhileWaitingDoesNotRun() {
		CompletableFuture<Object> holder = new CompletableFuture<>();
		RequestReplyHandler handler = handler((amount, context) -> (amount == 1) ? holder : null)
			.interceptor(new ConcurrencyLimits(Map.of(FUNCTION, 1), this.executor))
			.batchTimeout(Duration.ofSeconds(20))
			.build();
		handler.handle(request(1));
		assertTimedOut(limited(handler, 2), "message 1 of 1");
		holder.complete(null);
		assertThat(replyOf(handler.handle(request(3))).intStates()).containsEntry("total", 3);
		assertThat(this.calls).hasValue(2);
	}

	@Test
	void stoppingExecutorRejectsAllWaitingBatchesWithoutSkipping() {
		CompletableFuture<Object> holder = new CompletableFuture<>();
		RequestReplyHandler handler = handler((amount, context) -> (amount == 1) ? holder : null)
			.failurePolicy((failed) -> FailureAction.skip())
			.interceptor(new ConcurrencyLimits(Map.of(FUNCTION, 1), refusing()))
			.build();
		handler.handle(request(1));
		List<CompletionStage<byte[]>> waiting = new ArrayList<>();
		for (int i = 0; i < 50_000; i++) {
			waiting.add(handler.handle(request(2)));
		}
		holder.complete(null);
		assertThat(waiting).allSatisfy((reply) -> assertThat(reply.toCompletableFuture()).isCompletedExceptionally());
		assertThat(this.calls).hasValue(1);
		assertThat(replyOf(handler.handle(request(3))).intStates()).containsEntry("total", 3);
	}

	private @Nullable Object block() throws InterruptedException {
		if (!new CountDownLatch(1).await(20, TimeUnit.SECONDS)) {
			throw new AssertionError("not interrupted");
		}
		return null;
	}

	private static CompletableFuture<Object> failing(boolean plain) {
		if (plain) {
			throw new IllegalArgumentException("made to fail");
		}
		return CompletableFuture.supplyAsync(() -> {
			throw new IllegalArgumentException("made to fail");
		});
	}

	private InvocationRetry retry(long times) {
		return new InvocationRetry(policy(times), Map.of(), this.executor);
	}

	private static RetryPolicy policy(long times) {
		return RetryPolicy.builder().maxRetries(times).delay(Duration.ofMillis(1)).build();
	}

	private static Executor refusing() {
		return (task) -> {
			throw new RejectedExecutionException("stopped");
		};
	}

	private CompletionStage<byte[]> limited(RequestReplyHandler handler, int... amounts) {
		byte[] request = request(amounts);
		return handler.handle(request, SHORT);
	}

	private static ClusterRequest empty() {
		return ClusterRequest.v3(FUNCTION.toString(), "joe").intState("total", 0);
	}

	private static byte[] request(int... amounts) {
		ClusterRequest request = empty();
		for (int amount : amounts) {
			request.message(amount);
		}
		return request.toByteArray();
	}

	private static ClusterReply replyOf(CompletionStage<byte[]> reply) {
		return ClusterReply.v3(joined(reply));
	}

	private static byte[] joined(CompletionStage<byte[]> reply) {
		try {
			return reply.toCompletableFuture().get(30, TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw (RuntimeException) ex.getCause();
		}
		catch (Exception ex) {
			throw new AssertionError("no reply", ex);
		}
	}

	private static void assertTimedOut(CompletionStage<byte[]> reply, String message) {
		assertThatExceptionOfType(InvocationFailedException.class).isThrownBy(() -> joined(reply))
			.withMessageContaining(FUNCTION.toString())
			.withMessageContaining(message)
			.withCauseInstanceOf(BatchTimeoutException.class);
	}

	private RequestReplyHandler.Builder handler(Script script) {
		return RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(FUNCTION.toString(), new Scripted(script, this.calls))
				.register("test/other", new Scripted((amount, context) -> null, new AtomicInteger()))
				.build())
			.deadlines(this.deadlines);
	}

	/**
	 * Behavior of the function for one message.
	 */
	@FunctionalInterface
	interface Script {

		@Nullable Object run(int amount, Context context) throws Exception;

	}

	/**
	 * Adds up its messages, and then runs a script.
	 *
	 * @param script the script
	 * @param calls counts the attempts
	 */
	record Scripted(Script script, AtomicInteger calls) {

		@Handler
		@Nullable Object on(int amount, @Persisted("total") PersistedValue<Integer> total, Context context) throws Exception {
			this.calls.incrementAndGet();
			total.set(total.get().orElse(0) + amount);
			return this.script.run(amount, context);
		}

	}

}
