package dev.statefun.sdk.handler;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import com.google.protobuf.Any;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for handlers that return stages: each message of a batch waits for the previous
 * one, and the reply for the last one (protocol.md §9, J3).
 */
@Timeout(60)
class StagesTests {

	private final ExecutorService other = Executors.newFixedThreadPool(2);

	@AfterEach
	void stopOtherThreads() {
		this.other.shutdownNow();
	}

	private static ClusterRequest greeting(String... names) {
		ClusterRequest request = Cluster.request();
		for (String name : names) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user(name));
		}
		return request;
	}

	private static Cluster returning(Supplier<? extends @Nullable CompletionStage<?>> stage) {
		return Cluster.of(Dialect.V3, new Returning(stage));
	}

	@Nested
	class Results {

		@Test
		void completedStageIsAnsweredImmediately() {
			assertThat(
					returning(() -> CompletableFuture.completedFuture(null)).send(greeting("a")).toCompletableFuture())
				.isDone();
		}

		@Test
		void pendingStageIsAwaited() {
			CompletableFuture<@Nullable Void> pending = new CompletableFuture<>();
			CompletableFuture<byte[]> reply = returning(() -> pending).send(greeting("a")).toCompletableFuture();
			assertThat(reply).isNotDone();
			pending.complete(null);
			assertThat(reply).isCompletedWithValueMatching((bytes) -> bytes.length == 3);
		}

		@Test
		void valueOfAStageIsTheReply() {
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = returning(() -> pending).send(greeting("a"));
			pending.complete(Values.countOf(3));
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).sent())
				.containsExactly(new Sent("example/caller/c-1", Values.count(3)));
		}

		@Test
		void optionalValueOfAStageIsTheReply() {
			assertThat(returning(() -> CompletableFuture.completedFuture(Optional.of("x"))).call(greeting("a")).sent())
				.containsExactly(new Sent("example/caller/c-1", Values.text("x")));
			assertThat(returning(() -> CompletableFuture.completedFuture(Optional.empty())).call(greeting("a")))
				.isEqualTo(ClusterReply.NOTHING);
		}

		@Test
		void valueWithoutACallerFailsTheInvocation() {
			assertThat(returning(() -> CompletableFuture.completedFuture("x")).mistake(Values.user("a")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("has no caller");
		}

		@Test
		void nullStageMeansDone() {
			// The official Java SDK refuses null; here it sends no reply, as every
			// null result
			assertThat(returning(() -> null).call(greeting("a", "b"))).isEqualTo(ClusterReply.NOTHING);
		}

		@Test
		void failedStageFailsTheBatchWithItsCause() {
			Exception cause = new Exception("no stock");
			assertThat(returning(() -> CompletableFuture.failedFuture(cause)).mistake(greeting("a"))).isSameAs(cause);
		}

		@Test
		void stageThatFailsLaterFailsTheBatchWithItsCause() {
			Exception cause = new Exception("no stock");
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = returning(() -> pending).send(greeting("a", "b"));
			pending.completeExceptionally(cause);
			assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class)
				.hasCause(cause)
				.hasMessageContaining("message 1 of 2");
		}

		@Test
		void causeOfADependentStageIsUnwrapped() {
			Exception cause = new Exception("no stock");
			CompletionStage<Object> dependent = CompletableFuture.failedFuture(cause).thenApply((value) -> value);
			assertThat(returning(() -> dependent).mistake(greeting("a"))).isSameAs(cause);
			assertThat(returning(() -> new CompletableFuture<Object>().completeAsync(() -> {
				throw new CompletionException(cause);
			})).mistake(greeting("a"))).isSameAs(cause);
		}

		@Test
		void cancelledStageFailsTheBatch() {
			CompletableFuture<Object> cancelled = new CompletableFuture<>();
			cancelled.cancel(true);
			assertThat(returning(() -> cancelled).mistake(greeting("a"))).hasMessageContaining("cancelled")
				.hasCauseInstanceOf(CancellationException.class);
		}

		@Test
		void stageThatIsCancelledLaterFailsTheBatch() {
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = returning(() -> pending).send(greeting("a"));
			pending.cancel(true);
			assertThat(Cluster.failureOf(reply)).isInstanceOf(InvocationFailedException.class);
		}

		@Test
		void minimalStagesAreAccepted() {
			assertThat(returning(() -> CompletableFuture.completedStage("x")).call(greeting("a")).sent()).hasSize(1);
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = returning(pending::minimalCompletionStage).send(greeting("a"));
			pending.complete("x");
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).sent()).hasSize(1);
			Exception cause = new Exception("no stock");
			assertThat(returning(() -> CompletableFuture.failedStage(cause)).mistake(greeting("a"))).isSameAs(cause);
		}

		@Test
		void stagesOfOtherLibrariesAreAccepted() {
			CompletableFuture<Object> pending = new CompletableFuture<>();
			CompletionStage<byte[]> reply = returning(() -> foreign(pending)).send(greeting("a"));
			assertThat(reply.toCompletableFuture()).isNotDone();
			pending.complete("x");
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).sent()).hasSize(1);
			Exception cause = new Exception("no stock");
			assertThat(returning(() -> foreign(CompletableFuture.failedFuture(cause))).mistake(greeting("a")))
				.isSameAs(cause);
		}

		@Test
		void subclassOfCompletableFutureIsAccepted() {
			CompletableFuture<Object> future = new CompletableFuture<>() {

			};
			CompletionStage<byte[]> reply = returning(() -> future).send(greeting("a"));
			future.complete("x");
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).sent()).hasSize(1);
		}

		@Test
		void stageThatCannotBeObservedFailsTheBatch() {
			CompletionStage<?> broken = (CompletionStage<?>) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { CompletionStage.class }, (proxy, method, arguments) -> {
						throw new UnsupportedOperationException(method.getName());
					});
			assertThat(returning(() -> broken).mistake(greeting("a")))
				.isInstanceOf(UnsupportedOperationException.class);
		}

		@Test
		void repliesCanBeCancelled() {
			CompletableFuture<Object> pending = new CompletableFuture<>();
			Cluster cluster = returning(() -> pending);
			cluster.send(greeting("a")).toCompletableFuture().cancel(true);
			pending.complete("x");
			assertThat(cluster.call(greeting("a")).sent()).hasSize(1);
		}

		// A stage with the methods of the interface only, which refuses to be a
		// CompletableFuture
		private static CompletionStage<?> foreign(CompletableFuture<?> delegate) {
			return (CompletionStage<?>) Proxy.newProxyInstance(StagesTests.class.getClassLoader(),
					new Class<?>[] { CompletionStage.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("toCompletableFuture")) {
							throw new UnsupportedOperationException();
						}
						return method.invoke(delegate, arguments);
					});
		}

	}

	@Nested
	class Order {

		@Test
		void nextMessageWaitsForTheStageOfThePreviousOne() {
			List<CompletableFuture<Object>> pending = Collections.synchronizedList(new ArrayList<>());
			CompletionStage<byte[]> reply = returning(() -> {
				CompletableFuture<Object> stage = new CompletableFuture<>();
				pending.add(stage);
				return stage;
			}).send(greeting("a", "b", "c"));
			assertThat(pending).hasSize(1);
			pending.get(0).complete("1");
			assertThat(pending).hasSize(2);
			pending.get(1).complete("2");
			assertThat(pending).hasSize(3);
			assertThat(reply.toCompletableFuture()).isNotDone();
			pending.get(2).complete("3");
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).sent()).extracting(Sent::message)
				.containsExactly(Values.text("1"), Values.text("2"), Values.text("3"));
		}

		@Test
		void nothingRunsAfterAStageFailed() {
			List<CompletableFuture<Object>> pending = new ArrayList<>();
			CompletionStage<byte[]> reply = returning(() -> {
				pending.add(new CompletableFuture<>());
				return pending.get(pending.size() - 1);
			}).send(greeting("a", "b"));
			pending.get(0).completeExceptionally(new IllegalStateException());
			Cluster.failureOf(reply);
			assertThat(pending).hasSize(1);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void longBatchOfStagesThatCompleteOnAnotherThreadNeedsNoDeepStack(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect,
					new AsyncCounter((task) -> CompletableFuture.runAsync(task, StagesTests.this.other)));
			assertThat(countTo(10_000, cluster)).containsExactly(new StateChange("count", Values.count(10_000)));
		}

		@Test
		void longBatchOfCompletedStagesNeedsNoDeepStack() {
			Cluster cluster = Cluster.of(Dialect.V3, new AsyncCounter((task) -> {
				task.run();
				return CompletableFuture.completedFuture(null);
			}));
			assertThat(countTo(100_000, cluster)).containsExactly(new StateChange("count", Values.count(100_000)));
		}

		@Test
		void longBatchWhoseFirstStageIsPendingNeedsNoDeepStack() {
			CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
			AtomicReference<@Nullable CompletableFuture<@Nullable Void>> next = new AtomicReference<>(first);
			Cluster cluster = Cluster.of(Dialect.V3, new AsyncCounter((task) -> {
				CompletableFuture<@Nullable Void> stage = next.getAndSet(null);
				task.run();
				// Minimal: it can't be asked whether it is complete
				return (stage != null) ? stage : CompletableFuture.completedStage(null);
			}));
			ClusterRequest request = Cluster.request().absentState("count");
			for (int i = 0; i < 100_000; i++) {
				request.message(Values.user("a"));
			}
			CompletionStage<byte[]> reply = cluster.send(request);
			first.complete(null);
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).stateChanges())
				.containsExactly(new StateChange("count", Values.count(100_000)));
		}

		private static List<StateChange> countTo(int number, Cluster cluster) {
			ClusterRequest request = Cluster.request().absentState("count");
			for (int i = 0; i < number; i++) {
				request.message(Values.user("a"));
			}
			return cluster.call(request).stateChanges();
		}

	}

	@Nested
	class Contexts {

		@Test
		void contextCanBeUsedUntilItsStageCompletes() {
			CompletableFuture<@Nullable Void> pending = new CompletableFuture<>();
			AtomicReference<Context> kept = new AtomicReference<>();
			Cluster cluster = Cluster.of(Dialect.V3, new Keeping(kept, pending));
			CompletionStage<byte[]> reply = cluster.send(greeting("a").absentState("count"));
			kept.get().send("a/b", "1", "still running");
			kept.get().state("count", Count.class).set(Values.countOf(1));
			pending.complete(null);
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)))
				.isEqualTo(new ClusterReply(List.of(new StateChange("count", Values.count(1))),
						List.of(new Sent("a/b/1", Values.text("still running"))), List.of(), List.of(), List.of()));
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> kept.get().send("a/b", "1", "too late"))
				.withMessageContaining("Return a CompletionStage that completes when all work is done");
		}

		@Test
		void stateEndsWithItsInvocation() {
			List<PersistedValue<Count>> kept = new ArrayList<>();
			CompletableFuture<@Nullable Void> second = new CompletableFuture<>();
			Cluster cluster = Cluster.of(Dialect.V3, new Object() {

				@Handler
				CompletionStage<?> on(User user, @Persisted("count") PersistedValue<Count> count) {
					kept.add(count);
					return (kept.size() == 1) ? CompletableFuture.completedFuture(null) : second;
				}

			});
			CompletionStage<byte[]> reply = cluster.send(greeting("a", "b").absentState("count"));
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kept.get(0).set(Values.countOf(1)))
				.withMessageContaining("was used after its invocation had ended");
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kept.get(0).get());
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> kept.get(0).remove());
			kept.get(1).set(Values.countOf(2));
			second.complete(null);
			assertThat(ClusterReply.v3(Cluster.replyOf(reply)).stateChanges())
				.containsExactly(new StateChange("count", Values.count(2)));
		}

		@Test
		void cancellingThePendingReplyEndsTheBatchBeforeItsNextMessage() {
			AtomicInteger calls = new AtomicInteger();
			CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
			Cluster cluster = Cluster.of(Dialect.V3, new Object() {

				@Handler
				CompletionStage<?> on(User user) {
					calls.incrementAndGet();
					return first;
				}

			});
			CompletableFuture<byte[]> reply = cluster.send(greeting("a", "b")).toCompletableFuture();
			reply.cancel(false);
			first.complete(null);
			assertThat(calls).hasValue(1);
			assertThat(reply).isCancelled();
		}

		@Test
		void contextCannotBeUsedAfterItsStageFailed() {
			CompletableFuture<@Nullable Void> pending = new CompletableFuture<>();
			AtomicReference<Context> kept = new AtomicReference<>();
			Cluster cluster = Cluster.of(Dialect.V3, new Keeping(kept, pending));
			CompletionStage<byte[]> reply = cluster.send(greeting("a").absentState("count"));
			pending.completeExceptionally(new IllegalStateException());
			Cluster.failureOf(reply);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> kept.get().send("a/b", "1", "too late"));
		}

		@Test
		void effectsOnAnotherThreadReachTheReply() {
			Cluster cluster = Cluster.of(Dialect.V3,
					new AsyncCounter((task) -> CompletableFuture.runAsync(task, StagesTests.this.other)));
			assertThat(cluster.call(greeting("a").state("count", Values.count(41))).stateChanges())
				.containsExactly(new StateChange("count", Values.count(42)));
		}

	}

	@Nested
	class Ends {

		/** Long enough for the handler to return its stage before. */
		private static final Duration SOON = Duration.ofMillis(200);

		private final CompletableFuture<@Nullable Void> pending = new CompletableFuture<>();

		private PendingReply start(String... names) {
			return (PendingReply) returning(() -> this.pending).send(greeting(names));
		}

		@Test
		void batchEndsBeforeItsReplyCompletes() {
			PendingReply reply = start("a", "b");
			CompletableFuture<Boolean> ended = reply.thenApply((bytes) -> isEnded(reply));
			assertThat(isEnded(reply)).isFalse();
			this.pending.complete(null);
			assertThat(ended).isCompletedWithValue(true);
		}

		@Test
		void batchThatFailsHasEnded() {
			PendingReply reply = start("a");
			CompletableFuture<Boolean> ended = reply.handle((bytes, ex) -> isEnded(reply));
			this.pending.completeExceptionally(new IllegalStateException("no"));
			assertThat(ended).isCompletedWithValue(true);
		}

		@Test
		void batchThatIsLateEndsWithItsStage() {
			assertEndsWithItsStage((handler) -> handler.batchTimeout(SOON));
		}

		@Test
		void batchWithALateInvocationEndsWithTheStageOfThatInvocation() {
			assertEndsWithItsStage((handler) -> handler.invocationTimeout(SOON));
		}

		private void assertEndsWithItsStage(UnaryOperator<RequestReplyHandler.Builder> limit) {
			try (Deadlines deadlines = new Deadlines()) {
				StatefulFunctions functions = StatefulFunctions.builder()
					.register(Cluster.FUNCTION, new Returning(() -> this.pending))
					.build();
				RequestReplyHandler handler = limit.apply(RequestReplyHandler.builder(functions).deadlines(deadlines))
					.build();
				PendingReply reply = (PendingReply) handler.handle(greeting("a", "b").toV3().toByteArray());
				assertThat(Cluster.failureOf(reply)).hasCauseInstanceOf(BatchTimeoutException.class)
					.hasMessageContaining("message 1 of 2");
				assertThat(isEnded(reply)).isFalse();
				this.pending.complete(null);
				assertThat(reply.ended().toCompletableFuture()).succeedsWithin(Cluster.BOUND);
			}
		}

		@Test
		void batchThatWasCancelledEndsWithItsStage() {
			PendingReply reply = start("a", "b");
			reply.cancel(false);
			assertThat(isEnded(reply)).isFalse();
			this.pending.completeExceptionally(new IllegalStateException("no"));
			assertThat(isEnded(reply)).isTrue();
		}

		private static boolean isEnded(PendingReply reply) {
			return reply.ended().toCompletableFuture().isDone();
		}

	}

	@Nested
	class Concurrency {

		private static final int THREADS = 8;

		private static final int ADDRESSES = 100;

		@Test
		void concurrentRequestsWithStagesHaveTheirOwnReplies() throws Exception {
			assertConcurrentRequestsHaveTheirOwnReplies(5_000);
		}

		@Tag("soak")
		@Test
		void manyConcurrentRequestsWithStagesHaveTheirOwnReplies() throws Exception {
			assertConcurrentRequestsHaveTheirOwnReplies(20_000);
		}

		private void assertConcurrentRequestsHaveTheirOwnReplies(int requests) throws Exception {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(Cluster.FUNCTION, new EchoingCounter(StagesTests.this.other))
				.build();
			Cluster v2 = new Cluster(Dialect.V2, functions);
			Cluster v3 = new Cluster(Dialect.V3, functions);
			ExecutorService threads = Executors.newFixedThreadPool(THREADS);
			try {
				List<Callable<Integer>> tasks = new ArrayList<>();
				for (int thread = 0; thread < THREADS; thread++) {
					Cluster cluster = (thread % 2 == 0) ? v2 : v3;
					int seed = thread;
					tasks.add(() -> callAll(cluster, seed, requests));
				}
				int right = 0;
				for (Future<Integer> result : threads.invokeAll(tasks, 50, TimeUnit.SECONDS)) {
					right += result.get();
				}
				assertThat(right).isEqualTo(THREADS * requests);
			}
			finally {
				threads.shutdownNow();
			}
		}

		private static int callAll(Cluster cluster, int seed, int requests) {
			for (int i = 0; i < requests; i++) {
				int number = 1 + i * THREADS + seed;
				String id = "id-" + (i + seed) % ADDRESSES;
				Any message = Values.of(Count.newBuilder().setValue(number).build());
				ClusterReply reply = cluster.call(ClusterRequest.to(Cluster.FUNCTION, id)
					.state("count", Values.count(number))
					.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, message)
					.messageFrom("example/caller", id, message));
				ClusterReply expected = new ClusterReply(List.of(new StateChange("count", Values.count(3 * number))),
						List.of(new Sent("example/caller/c-1", Values.text(id + " " + 2 * number)),
								new Sent("example/caller/" + id, Values.text(id + " " + 3 * number))),
						List.of(), List.of(), List.of());
				assertThat(reply.equals(expected)).as("%s", reply).isTrue();
			}
			return requests;
		}

	}

	/**
	 * Returns a stage.
	 *
	 * @param stage supplies the stage
	 */
	record Returning(Supplier<? extends @Nullable CompletionStage<?>> stage) {

		@Handler
		@Nullable CompletionStage<?> on(User user) {
			return this.stage.get();
		}

	}

	/**
	 * Counts messages in a task that may run later.
	 */
	static class AsyncCounter {

		private final Starter starter;

		AsyncCounter(Starter starter) {
			this.starter = starter;
		}

		@Handler
		CompletionStage<?> on(User user, @Persisted("count") PersistedValue<Count> count) {
			return this.starter.start(() -> count.set(Values.countOf(count.get().map(Count::getValue).orElse(0) + 1)));
		}

		/**
		 * Runs a task, immediately or later.
		 */
		interface Starter {

			CompletionStage<?> start(Runnable task);

		}

	}

	/**
	 * Adds a number to its state, sometimes on another thread, and replies with the sum.
	 *
	 * @param executor the other thread
	 */
	record EchoingCounter(ExecutorService executor) {

		@Handler
		CompletionStage<String> on(Count message, @Persisted("count") PersistedValue<Count> count, Context context) {
			Supplier<String> work = () -> {
				int sum = count.get().map(Count::getValue).orElse(0) + message.getValue();
				count.set(Values.countOf(sum));
				return context.self().id() + " " + sum;
			};
			return (message.getValue() % 4 == 0) ? CompletableFuture.supplyAsync(work, this.executor)
					: CompletableFuture.completedFuture(work.get());
		}

	}

	/**
	 * Keeps its context and returns a stage.
	 *
	 * @param kept the context
	 * @param stage the stage to return
	 */
	record Keeping(AtomicReference<Context> kept, CompletionStage<@Nullable Void> stage) {

		@Handler
		CompletionStage<@Nullable Void> on(User user, @Persisted("count") PersistedValue<Count> count,
				Context context) {
			this.kept.set(context);
			return this.stage;
		}

	}

}
