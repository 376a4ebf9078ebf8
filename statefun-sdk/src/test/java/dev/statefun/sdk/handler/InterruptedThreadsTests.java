package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.BatchScope;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.Values;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for code that leaves its thread interrupted, as is usual after an
 * InterruptedException. Neither the next message nor the reply is affected.
 */
@Timeout(20)
class InterruptedThreadsTests {

	/** Interrupt flags seen by each call. */
	private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

	private final List<Address> reported = Collections.synchronizedList(new ArrayList<>());

	private final ExecutorService pool = Executors.newSingleThreadExecutor();

	@AfterEach
	void noFlagRemains() {
		this.pool.shutdownNow();
		assertThat(Thread.interrupted()).isFalse();
	}

	private void interrupt(String who) {
		if (Thread.currentThread().isInterrupted()) {
			this.seen.add(who);
		}
		Thread.currentThread().interrupt();
	}

	/**
	 * Code that leaves its thread interrupted.
	 */
	enum Culprit {

		HANDLER, FAILING_HANDLER, VALIDATOR, INTERCEPTOR, OUTER_INTERCEPTOR, POLICY, LISTENER, OBSERVER, STAGE

	}

	@ParameterizedTest
	@EnumSource
	void interruptionIsHiddenFromTheNextCallAndTheCaller(Culprit culprit) {
		RequestReplyHandler handler = handler(culprit);
		ClusterReply reply = ClusterReply.v3(Cluster.replyOf(handler.handle(batch())));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(this.seen).isEmpty();
		assertThat(reply.sent()).isNotEmpty();
		assertThat(this.reported).isNotEmpty().containsOnly(Address.of(Cluster.FUNCTION, Cluster.ID));
	}

	@ParameterizedTest
	@EnumSource
	void flagThatWasSetBeforeIsKept(Culprit culprit) {
		RequestReplyHandler handler = handler(culprit);
		Thread.currentThread().interrupt();
		handler.handle(batch());
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void flagThatAHandlerClearsIsRestored() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> Thread.interrupted())
				.build())
			.build();
		Thread.currentThread().interrupt();
		handler.handle(batch());
		assertThat(Thread.interrupted()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void skippedMessagesAndDeadLettersAreInTheReply(boolean skip) {
		RequestReplyHandler handler = RequestReplyHandler.builder(functions(Culprit.FAILING_HANDLER))
			.failurePolicy((failed) -> skip ? FailureAction.skip()
					: FailureAction.deadLetter(EgressId.parse("example/letters"), failed.message()))
			.build();
		ClusterReply reply = ClusterReply.v3(Cluster.replyOf(handler.handle(batch())));
		assertThat(reply.records()).hasSize(skip ? 0 : 2);
		assertThat(this.seen).isEmpty();
	}

	@Test
	void threadOfAnInterceptorsPoolIsRestored() throws Exception {
		AtomicReference<@Nullable Boolean> after = new AtomicReference<>();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions(Culprit.HANDLER))
			.interceptor((invocation) -> CompletableFuture.supplyAsync(() -> {
				try {
					CompletionStage<?> result = (CompletionStage<?>) Objects.requireNonNull(invocation.proceed());
					after.set(Thread.currentThread().isInterrupted());
					return result.toCompletableFuture().join();
				}
				catch (Throwable ex) {
					throw new AssertionError(ex);
				}
			}, this.pool))
			.build();
		Cluster.replyOf(handler.handle(batch()));
		assertThat(after.get()).isFalse();
		assertThat(this.seen).isEmpty();
	}

	@Test
	void lateInterruptionDoesNotReachTheNextBatchOfTheThread() {
		try (Deadlines deadlines = new Deadlines()) {
			RequestReplyHandler handler = RequestReplyHandler
				.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
					while (!Thread.currentThread().isInterrupted()) {
						Thread.onSpinWait();
					}
				}).build())
				.deadlines(deadlines)
				.invocationTimeout(Duration.ofMillis(20))
				.interruptionListener(this.reported::add)
				.build();
			assertThat(Cluster.failureOf(handler.handle(batch()))).hasRootCauseInstanceOf(BatchTimeoutException.class);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			assertThat(this.reported).isEmpty();
			Thread.currentThread().interrupt();
			handler.handle(batch());
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	// The thread that enforces deadlines calls the listener for the first batch
	@Test
	void deadlinesSurviveAListenerThatInterruptsTheirThread() {
		try (Deadlines deadlines = new Deadlines()) {
			RequestReplyHandler handler = RequestReplyHandler
				.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new Pending()).build())
				.deadlines(deadlines)
				.batchTimeout(Duration.ofMillis(20))
				.build();
			Thread test = Thread.currentThread();
			for (int i = 0; i < 3; i++) {
				CompletionStage<byte[]> late = handler.handle(batch());
				// Runs on the thread of this test if the batch is late already
				CompletableFuture<?> completed = late.handle((reply, ex) -> {
					if (Thread.currentThread() != test) {
						Thread.currentThread().interrupt();
					}
					return null;
				}).toCompletableFuture();
				completed.orTimeout(10, TimeUnit.SECONDS).join();
				assertThat(Cluster.failureOf(late)).hasCauseInstanceOf(BatchTimeoutException.class);
			}
		}
	}

	private static byte[] batch() {
		return Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("first"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("second"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.text("third"))
			.toV3()
			.toByteArray();
	}

	private StatefulFunctions functions(Culprit culprit) {
		return StatefulFunctions.builder().validator((message) -> {
			if (culprit == Culprit.VALIDATOR) {
				interrupt("validator");
			}
		}).register(Cluster.FUNCTION, new Replying(this, culprit)).build();
	}

	private RequestReplyHandler handler(Culprit culprit) {
		RequestReplyHandler.Builder builder = RequestReplyHandler.builder(functions(culprit))
			.interruptionListener(this.reported::add);
		for (Culprit level : List.of(Culprit.OUTER_INTERCEPTOR, Culprit.INTERCEPTOR)) {
			builder.interceptor((invocation) -> {
				Object result = invocation.proceed();
				if (Thread.currentThread().isInterrupted()) {
					this.seen.add(level + " after its call");
				}
				if (culprit == level) {
					interrupt("interceptor");
				}
				return result;
			});
		}
		if (culprit == Culprit.POLICY || culprit == Culprit.FAILING_HANDLER) {
			builder.failurePolicy((failed) -> {
				if (Thread.currentThread().isInterrupted()) {
					this.seen.add("policy");
				}
				if (culprit == Culprit.POLICY) {
					interrupt("policy");
				}
				return FailureAction.skip();
			});
		}
		if (culprit == Culprit.LISTENER) {
			builder.listener(new BatchListener() {

				@Override
				public void batchEnded(BatchReport report) {
					interrupt("listener at the end");
				}

				@Override
				public void invocationFailed(FailedInvocation failed, FailureAction action) {
					interrupt("listener");
				}

			});
		}
		if (culprit == Culprit.OBSERVER) {
			builder.observer((self) -> new Observing());
		}
		return builder.build();
	}

	private final class Observing implements BatchScope {

		@Override
		public ThreadScope enter() {
			interrupt("observer at enter");
			return new ThreadScope() {

				@Override
				public void invoking(Context context) {
					interrupt("observer at invoking");
				}

				@Override
				public void leave() {
					interrupt("observer at leave");
				}

			};
		}

		@Override
		public void end(BatchReport report) {
			interrupt("observer at end");
		}

	}

	/**
	 * Replies, or fails where a policy decides.
	 *
	 * @param test the test
	 * @param culprit code that leaves its thread interrupted
	 */
	record Replying(InterruptedThreadsTests test, Culprit culprit) {

		@Handler
		CompletionStage<String> on(@Valid String text) throws Exception {
			if (Thread.currentThread().isInterrupted()) {
				this.test.seen.add("handler of " + text);
			}
			boolean second = text.equals("second");
			if (this.culprit == Culprit.HANDLER) {
				Thread.currentThread().interrupt();
			}
			if (this.culprit == Culprit.FAILING_HANDLER && !second) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(text);
			}
			if (this.culprit == Culprit.POLICY && second) {
				throw new IllegalStateException(text);
			}
			if (this.culprit == Culprit.STAGE) {
				// Its thread continues the batch
				return CompletableFuture.supplyAsync(() -> {
					Thread.currentThread().interrupt();
					return text;
				}, CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS, this.test.pool));
			}
			return CompletableFuture.completedFuture(text);
		}

	}

	private static final class Pending {

		@Handler
		CompletionStage<String> on(String text) {
			return new CompletableFuture<>();
		}

	}

}
