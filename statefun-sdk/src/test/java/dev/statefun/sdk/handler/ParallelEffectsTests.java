package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.ReplyTooLargeException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for effects of several threads of one invocation: each is completely part of the
 * reply, in an order consistent with happens-before, or fails.
 */
@Timeout(120)
class ParallelEffectsTests {

	private static final int CALLS = 5;

	/** Enough calls for a race with the end, whichever thread is slow. */
	private static final int MOST_SENT = 2_000;

	private final ExecutorService others = Executors.newFixedThreadPool(6);

	@AfterEach
	void stopOtherThreads() {
		this.others.shutdownNow();
	}

	private CompletableFuture<Void> elsewhere(Runnable task) {
		return CompletableFuture.runAsync(task, this.others);
	}

	private CompletableFuture<Void> parallel(int calls, Calls call) {
		return CompletableFuture.allOf(IntStream.range(0, calls)
			.mapToObj((i) -> elsewhere(() -> call.run(i)))
			.toArray(CompletableFuture<?>[]::new));
	}

	private static ClusterRequest request(int messages) {
		ClusterRequest request = Cluster.request();
		for (int i = 0; i < CALLS; i++) {
			request.state("s" + i, Values.integer(-1));
		}
		for (int i = 0; i < messages; i++) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.integer(i));
		}
		return request;
	}

	private static FunctionSpec spec() {
		FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION);
		for (int i = 0; i < CALLS; i++) {
			spec = spec.state("s" + i, Integer.class);
		}
		return spec;
	}

	private static Cluster blocking(FunctionHandler function) {
		return Cluster.of(Dialect.V3, spec(), function);
	}

	private static Cluster staged(Work work) {
		return Cluster.of(Dialect.V3, new Staged(work));
	}

	// One effect of each kind, identified by a number
	private static void act(Context context, int call) {
		context.send("test/sent", "id-" + call, call);
		context.sendAfter(Duration.ofMillis(call), Address.of("test/delayed", "id-" + call), call);
		context.sendAfter(Duration.ofMillis(call), Address.of("test/delayed", "id-" + call), call,
				CancellationToken.of("token-" + call));
		context.cancelDelayed(CancellationToken.of("token-" + call));
		context.sendEgress("test/out", call);
		context.reply(call);
		PersistedValue<Integer> state = context.state("s" + call, Integer.class);
		if (call % 2 == 0) {
			state.set(state.get().orElseThrow() + call + 1);
		}
		else {
			state.remove();
		}
	}

	private static void assertComplete(ClusterReply reply, int calls) {
		Set<Object> expected = new TreeSet<>();
		IntStream.range(0, calls).forEach((i) -> expected.add("test/sent/id-" + i));
		assertThat(reply.sent()).hasSize(2 * calls);
		assertThat(reply.sent()).filteredOn((sent) -> sent.target().startsWith("test/sent"))
			.extracting(Sent::target)
			.hasSize(calls)
			.containsAll(expected.stream().map(String.class::cast).toList());
		assertThat(reply.sent()).filteredOn((sent) -> !sent.target().startsWith("test/sent"))
			.extracting(Sent::message)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, calls).mapToObj(Values::integer).toList());
		assertThat(reply.delayed()).hasSize(3 * calls);
		assertThat(reply.delayed()).filteredOn(Delayed::cancellation)
			.extracting(Delayed::token)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, calls).mapToObj((i) -> "token-" + i).toList());
		assertThat(reply.records()).extracting((egress) -> egress.message())
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, calls).mapToObj(Values::integer).toList());
		assertThat(reply.stateChanges()).containsExactlyElementsOf(IntStream.range(0, calls)
			.mapToObj((i) -> new StateChange("s" + i, (i % 2 == 0) ? Values.integer(i) : null))
			.toList());
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void sendUntilItFails(Context context, CountDownLatch started, AtomicInteger accepted) {
		try {
			for (int i = 0; i < MOST_SENT; i++) {
				context.send("test/a", "1", i);
				accepted.incrementAndGet();
				started.countDown();
			}
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessageContaining("after its invocation had ended");
		}
	}

	@Test
	void everyEffectOfParallelStagesIsInTheReply() {
		assertEveryEffectOfParallelStagesIsInTheReply(5_000);
	}

	@Tag("soak")
	@Test
	void everyEffectOfParallelStagesIsInEachOfManyReplies() {
		assertEveryEffectOfParallelStagesIsInTheReply(20_000);
	}

	private void assertEveryEffectOfParallelStagesIsInTheReply(int requests) {
		Cluster cluster = staged((context) -> parallel(CALLS, (call) -> act(context, call)));
		for (int i = 0; i < requests; i++) {
			assertComplete(cluster.call(request(1)), CALLS);
		}
	}

	@Test
	void everyEffectOfThreadsThatTheHandlerWaitsForIsInTheReply() {
		Cluster cluster = blocking((context, message) -> {
			CompletableFuture<?> all = parallel(CALLS - 1, (call) -> act(context, call));
			act(context, CALLS - 1);
			all.join();
		});
		for (int i = 0; i < 5_000; i++) {
			assertComplete(cluster.call(request(1)), CALLS);
		}
	}

	@Test
	void manyParallelSendsAreAllInTheReply() {
		Cluster cluster = staged((context) -> parallel(300, (call) -> {
			context.send("test/a", "id-" + call, call);
			context.send("test/b", "id-" + call, call);
		}));
		for (int i = 0; i < 100; i++) {
			assertThat(cluster.call(request(1)).sent()).extracting(Sent::target).doesNotHaveDuplicates().hasSize(600);
		}
	}

	@Test
	void listenersCountTheMessagesOfAllThreads() {
		AtomicInteger counted = new AtomicInteger();
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(Cluster.FUNCTION, new Staged((context) -> parallel(CALLS, (call) -> act(context, call))))
				.build())
			.listener((report) -> report.forEachMessage((kind, function, egress, count) -> counted.addAndGet(count)))
			.build();
		for (int i = 0; i < 200; i++) {
			Cluster.replyOf(handler.handle(request(1).toV3().toByteArray()));
		}
		// One send, two delayed ones, a cancellation, a record and a reply for each
		// call
		assertThat(counted).hasValue(200 * CALLS * 6);
	}

	@Nested
	class Order {

		@Test
		void effectsOfThreadsThatWaitForEachOtherKeepTheirOrder() {
			Cluster cluster = blocking((context, message) -> {
				for (int i = 0; i < 30; i += 3) {
					int next = i;
					context.send("test/a", "1", next);
					elsewhere(() -> context.send("test/a", "1", next + 1)).join();
					elsewhere(() -> context.send("test/a", "1", next + 2)).join();
				}
			});
			assertThat(cluster.call(request(1)).sent()).extracting(Sent::message)
				.containsExactlyElementsOf(IntStream.range(0, 30).mapToObj(Values::integer).toList());
		}

		@Test
		void effectsOfTheHandlerAfterAStageFollowThoseOfTheStage() {
			Cluster cluster = staged((context) -> {
				context.send("test/a", "1", 0);
				return elsewhere(() -> context.send("test/a", "1", 1))
					.thenRunAsync(() -> context.send("test/a", "1", 2), ParallelEffectsTests.this.others);
			});
			for (int i = 0; i < 500; i++) {
				assertThat(cluster.call(request(3)).sent()).extracting(Sent::message)
					.containsExactlyElementsOf(
							IntStream.range(0, 9).mapToObj((number) -> Values.integer(number % 3)).toList());
			}
		}

		@Test
		void stateWritesOfOtherThreadsAreReadAndTheLastIsKept() {
			Cluster cluster = blocking((context, message) -> {
				PersistedValue<Integer> state = context.state("s0", Integer.class);
				for (int i = 0; i < 100; i++) {
					int before = state.get().orElseThrow();
					elsewhere(() -> {
						state.set(state.get().orElseThrow() + 1);
						state.set(state.get().orElseThrow() + 1);
					}).join();
					assertThat(state.get()).hasValue(before + 2);
					assertThat(context.state("s0").get()).hasValue(Values.integer(before + 2));
					state.set(before + 3);
				}
			});
			assertThat(cluster.call(request(1)).stateChanges())
				.containsExactly(new StateChange("s0", Values.integer(299)));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void threadsShareUndeclaredStates(Dialect dialect) {
			Cluster cluster = Cluster.of(dialect, (context, message) -> parallel(4, (call) -> {
				for (int i = 0; i < 50; i++) {
					synchronized (context) {
						PersistedValue<Integer> state = context.state("s", Integer.class);
						state.set(state.get().orElse(0) + 1);
					}
				}
			}).join());
			ClusterRequest request = Cluster.request().absentState("s").message(Values.integer(1));
			if (dialect == Dialect.V3) {
				assertThat(cluster.mistake(request)).hasRootCauseInstanceOf(IllegalStateException.class);
			}
			else {
				assertThat(cluster.call(request).stateChanges())
					.containsExactly(new StateChange("s", Values.integer(200)));
			}
		}

	}

	@Nested
	class RollBack {

		private ClusterReply callSkipping(FailureAction action, Object function) {
			RequestReplyHandler handler = RequestReplyHandler
				.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, function).build())
				.failurePolicy((failed) -> action)
				.build();
			return ClusterReply.v3(Cluster.replyOf(handler.handle(request(3).toV3().toByteArray())));
		}

		@Test
		void skippedMessageHasNoEffectsOfAnyThread() {
			for (int i = 0; i < 300; i++) {
				ClusterReply reply = callSkipping(FailureAction.skip(), new Staged((context, message) -> {
					CompletableFuture<?> all = parallel(CALLS, (call) -> act(context, call));
					return (message == 1) ? all : all.thenRun(() -> {
						throw new IllegalStateException("made to fail");
					});
				}));
				assertComplete(reply, CALLS);
			}
		}

		@Test
		void deadLetterReplacesTheEffectsOfAllThreads() {
			FailureAction action = FailureAction.deadLetter(EgressId.parse("ops/letters"), "letter");
			for (int i = 0; i < 300; i++) {
				ClusterReply reply = callSkipping(action, new Blocking((context, message) -> {
					CompletableFuture<?> all = parallel(CALLS, (call) -> act(context, call));
					if (message != 1) {
						all.join();
						throw new IllegalStateException("made to fail");
					}
					all.join();
				}));
				assertThat(reply.records()).filteredOn((egress) -> egress.egress().equals("ops/letters")).hasSize(2);
				assertThat(reply.sent()).hasSize(2 * CALLS);
				assertThat(reply.stateChanges()).hasSize(CALLS);
			}
		}

		@Test
		void failedHandlerWithRunningThreadsHasNoEffects() {
			for (int i = 0; i < 300; i++) {
				CountDownLatch started = new CountDownLatch(1);
				ClusterReply reply = callSkipping(FailureAction.skip(), new Blocking((context, message) -> {
					elsewhere(() -> sendUntilItFails(context, started, new AtomicInteger()));
					started.await();
					throw new IllegalStateException("made to fail");
				}));
				assertThat(reply).isEqualTo(ClusterReply.NOTHING);
			}
		}

	}

	@Nested
	class Late {

		@Test
		void messageThatRacesWithTheEndIsInTheReplyOrFails() throws Exception {
			for (int i = 0; i < 400; i++) {
				CountDownLatch started = new CountDownLatch(1);
				AtomicInteger accepted = new AtomicInteger();
				AtomicReference<@Nullable CompletableFuture<?>> racing = new AtomicReference<>();
				Cluster cluster = blocking((context, message) -> {
					racing.set(elsewhere(() -> sendUntilItFails(context, started, accepted)));
					started.await();
				});
				ClusterReply reply = cluster.call(request(1));
				Objects.requireNonNull(racing.get()).get(10, TimeUnit.SECONDS);
				assertThat(reply.sent()).hasSize(accepted.get());
			}
		}

		@Test
		void messageThatRacesWithTheEndOfAStageIsInTheReplyOrFails() throws Exception {
			for (int i = 0; i < 400; i++) {
				CountDownLatch started = new CountDownLatch(1);
				AtomicInteger accepted = new AtomicInteger();
				AtomicReference<@Nullable CompletableFuture<?>> racing = new AtomicReference<>();
				Cluster cluster = staged((context) -> {
					racing.set(elsewhere(() -> sendUntilItFails(context, started, accepted)));
					return elsewhere(() -> await(started));
				});
				ClusterReply reply = cluster.call(request(1));
				Objects.requireNonNull(racing.get()).get(10, TimeUnit.SECONDS);
				assertThat(reply.sent()).hasSize(accepted.get());
			}
		}

		@Test
		void stateThatIsWrittenWhileTheInvocationEndsIsKeptOrFails() throws Exception {
			for (int i = 0; i < 400; i++) {
				CountDownLatch started = new CountDownLatch(1);
				AtomicInteger accepted = new AtomicInteger();
				List<CompletableFuture<?>> racing = Collections.synchronizedList(new ArrayList<>());
				Cluster cluster = blocking((context, message) -> {
					if (racing.isEmpty()) {
						PersistedValue<Integer> state = context.state("s0", Integer.class);
						racing.add(elsewhere(() -> setUntilItFails(state, started, accepted)));
						started.await();
					}
				});
				// The second message ends after the first, and must not be written to
				ClusterReply reply = cluster.call(request(2));
				racing.get(0).get(10, TimeUnit.SECONDS);
				assertThat(reply.stateChanges()).containsExactly(new StateChange("s0", Values.integer(accepted.get())));
			}
		}

		private void setUntilItFails(PersistedValue<Integer> state, CountDownLatch started, AtomicInteger accepted) {
			try {
				for (int value = 1; value < MOST_SENT; value++) {
					state.set(value);
					accepted.set(value);
					started.countDown();
				}
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessageContaining("after its invocation had ended");
			}
		}

	}

	@Nested
	class Sizes {

		@Test
		void threadsThatSendTooMuchFailTheirMessageEvenIfTheHandlerCatchesTheFailure() {
			RequestReplyHandler handler = RequestReplyHandler
				.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new Blocking((context, message) -> {
					context.send("test/a", "1", "x".repeat(600));
					elsewhere(() -> context.send("test/a", "2", "x".repeat(600))).join();
					try {
						context.send("test/a", "3", "x");
					}
					catch (RuntimeException ex) {
						assertThat(ex).hasMessageContaining("but may have 1000");
					}
				})).build())
				.maxReplySize(1000)
				.build();
			assertThat(Cluster.failureOf(handler.handle(request(1).toV3().toByteArray())))
				.isInstanceOf(InvocationFailedException.class)
				.hasMessageContaining("but may have 1000");
		}

		@Test
		void endlessSendsAreStoppedByTheMaximumSizeOfTheReply() {
			RequestReplyHandler handler = RequestReplyHandler
				.builder(StatefulFunctions.builder()
					.register(Cluster.FUNCTION,
							new Blocking((context,
									message) -> elsewhere(
											() -> sendUntilItFails(context, new CountDownLatch(0), new AtomicInteger()))
										.join()))
					.build())
				.maxReplySize(10_000)
				.build();
			assertThat(Cluster.failureOf(handler.handle(request(1).toV3().toByteArray())))
				.hasRootCauseInstanceOf(ReplyTooLargeException.class)
				.hasMessageContaining("but may have 10000");
		}

	}

	/**
	 * One of several calls.
	 */
	@FunctionalInterface
	interface Calls {

		void run(int call);

	}

	/**
	 * Starts the work of any message.
	 */
	@FunctionalInterface
	interface Work {

		CompletionStage<?> start(Context context);

	}

	/**
	 * Starts the work of a message.
	 */
	@FunctionalInterface
	interface MessageWork {

		CompletionStage<?> start(Context context, int message);

	}

	/**
	 * Work of a message.
	 */
	@FunctionalInterface
	interface BlockingWork {

		void run(Context context, int message) throws Exception;

	}

	/**
	 * Returns a stage.
	 *
	 * @param work starts the work
	 */
	record Staged(MessageWork work) {

		Staged(Work work) {
			this((context, message) -> work.start(context));
		}

		@Handler
		CompletionStage<?> on(int message, Context context, @Persisted("s0") PersistedValue<Integer> first,
				@Persisted("s1") PersistedValue<Integer> second, @Persisted("s2") PersistedValue<Integer> third,
				@Persisted("s3") PersistedValue<Integer> fourth, @Persisted("s4") PersistedValue<Integer> fifth) {
			// Without the value of the last stage, which would be a reply
			return this.work.start(context, message).thenApply((value) -> null);
		}

	}

	/**
	 * Returns when the work is complete.
	 *
	 * @param work the work
	 */
	record Blocking(BlockingWork work) {

		@Handler
		void on(int message, Context context, @Persisted("s0") PersistedValue<Integer> first,
				@Persisted("s1") PersistedValue<Integer> second, @Persisted("s2") PersistedValue<Integer> third,
				@Persisted("s3") PersistedValue<Integer> fourth, @Persisted("s4") PersistedValue<Integer> fifth)
				throws Exception {
			this.work.run(context, message);
		}

	}

}
