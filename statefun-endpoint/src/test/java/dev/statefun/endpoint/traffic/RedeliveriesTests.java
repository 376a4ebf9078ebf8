package dev.statefun.endpoint.traffic;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.statefun.endpoint.traffic.Redeliveries.RunningBatch;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.handler.PendingReply;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Redeliveries}: which requests run, join, wait or get a kept reply.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RedeliveriesTests {

	private static final byte[] REPLY = { 1, 2, 3 };

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicInteger runs = new AtomicInteger();

	private CompletableFuture<byte[]> pending = new CompletableFuture<>();

	private Redeliveries redeliveries = new Redeliveries(Duration.ofSeconds(30), 1000, this.nanos::get);

	private static byte[] request(String id, int message) {
		return ClusterRequest.v3("test/slow", id).message(message).toByteArray();
	}

	private Delivery deliver(byte[] request) {
		return this.redeliveries.deliver(request, (body) -> {
			this.runs.incrementAndGet();
			return this.pending;
		});
	}

	private static CompletableFuture<byte[]> taken(Delivery delivery) {
		return recipient(delivery).reply();
	}

	private static Delivery.Taken recipient(Delivery delivery) {
		assertThat(delivery).isInstanceOf(Delivery.Taken.class);
		return (Delivery.Taken) delivery;
	}

	private Delivery.Taken answered(byte[] request) {
		Delivery.Taken recipient = recipient(deliver(request));
		reply();
		assertThat(recipient.reply()).isCompletedWithValue(REPLY);
		return recipient;
	}

	private static CompletableFuture<@Nullable Void> waiting(Delivery delivery) {
		assertThat(delivery).isInstanceOf(Delivery.Waiting.class);
		return ((Delivery.Waiting) delivery).end().toCompletableFuture();
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	// Completes the running batch; the next one is pending again
	private void reply() {
		CompletableFuture<byte[]> ended = this.pending;
		this.pending = new CompletableFuture<>();
		ended.complete(REPLY);
	}

	@Nested
	class WhileItRuns {

		@Test
		void sameBytesGetTheSameReply() {
			CompletableFuture<byte[]> first = taken(deliver(request("joe", 1)));
			CompletableFuture<byte[]> second = taken(deliver(request("joe", 1)));
			CompletableFuture<byte[]> third = taken(deliver(request("joe", 1)));
			reply();
			assertThat(first).isCompletedWithValue(REPLY);
			assertThat(second).isCompletedWithValue(REPLY);
			assertThat(third).isCompletedWithValue(REPLY);
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
		}

		@Test
		void otherBatchForTheSameInstanceWaits() {
			taken(deliver(request("joe", 1)));
			CompletableFuture<@Nullable Void> turn = waiting(deliver(request("joe", 2)));
			assertThat(turn).isNotDone();
			reply();
			assertThat(turn).isCompleted();
			taken(deliver(request("joe", 2)));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
		}

		@Test
		void stuckBatchIsFoundWithItsFunction() {
			deliver(request("a", 1));
			pass(Duration.ofSeconds(20));
			deliver(request("b", 1));
			pass(Duration.ofSeconds(10));
			// Delivered again, but running for 30 s already
			deliver(request("a", 1));
			assertThat(RedeliveriesTests.this.redeliveries.runningFor(Duration.ofSeconds(30)))
				.containsExactly(new RunningBatch(Address.of("test/slow", "a"), Duration.ofSeconds(30)));
			assertThat(RedeliveriesTests.this.redeliveries.joined()).isEqualTo(1);
			reply();
			assertThat(RedeliveriesTests.this.redeliveries.runningFor(Duration.ZERO)).isEmpty();
		}

		@Test
		void otherInstancesRunConcurrently() {
			taken(deliver(request("joe", 1)));
			taken(deliver(request("ann", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
			assertThat(RedeliveriesTests.this.redeliveries.size()).isEqualTo(2);
		}

		@Test
		void failureAppliesToAllDeliveriesAndTheNextOneRunsAgain() {
			CompletableFuture<byte[]> first = taken(deliver(request("joe", 1)));
			CompletableFuture<byte[]> second = taken(deliver(request("joe", 1)));
			RedeliveriesTests.this.pending.completeExceptionally(new IllegalStateException("broken"));
			assertThat(first).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("broken");
			assertThat(second).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("broken");
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
		}

		@Test
		void batchThatCannotStartIsForgotten() {
			assertThatIllegalStateException()
				.isThrownBy(() -> RedeliveriesTests.this.redeliveries.deliver(request("joe", 1), (body) -> {
					throw new IllegalStateException("no");
				}));
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
			taken(deliver(request("joe", 1)));
		}

		@Test
		void batchIsRemovedBeforeItsReplyIsVisible() {
			CompletableFuture<Integer> running = taken(deliver(request("joe", 1)))
				.thenApply((bytes) -> RedeliveriesTests.this.redeliveries.size());
			reply();
			assertThat(running).isCompletedWithValue(0);
		}

		@Test
		void garbageIsHandledButNotRemembered() {
			taken(deliver(new byte[] { 1, 2 }));
			taken(deliver(new byte[] { 1, 2 }));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
		}

	}

	@Nested
	class WhenItHasEnded {

		@Test
		void writtenReplyIsNotKept() {
			for (int i = 1; i <= 3; i++) {
				Delivery.Taken recipient = recipient(deliver(request("joe", 1)));
				pass(Duration.ofSeconds(20));
				reply();
				recipient.written();
				// As a server reports at the end of the request
				recipient.notWritten();
				assertThat(RedeliveriesTests.this.runs).hasValue(i);
			}
			assertThat(RedeliveriesTests.this.redeliveries.answered()).isZero();
		}

		@Test
		void unwrittenReplyIsReturnedOnce() {
			answered(request("joe", 1)).notWritten();
			pass(Duration.ofMillis(29_999));
			Delivery.Taken second = recipient(deliver(request("joe", 1)));
			assertThat(second.reply()).isCompletedWithValue(REPLY);
			second.written();
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
			assertThat(RedeliveriesTests.this.redeliveries.answered()).isEqualTo(1);
			assertThat(taken(deliver(request("joe", 1)))).isNotDone();
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
		}

		@Test
		void replyIsKeptAgainIfWritingFailsAgain() {
			answered(request("joe", 1)).notWritten();
			recipient(deliver(request("joe", 1))).notWritten();
			assertThat(taken(deliver(request("joe", 1)))).isCompletedWithValue(REPLY);
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
		}

		@Test
		void replyIsKeptIfTheClientDisconnectedEarlier() {
			recipient(deliver(request("joe", 1))).notWritten();
			reply();
			assertThat(taken(deliver(request("joe", 1)))).isCompletedWithValue(REPLY);
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
		}

		@Test
		void lastWaitingDeliveryDecides() {
			Delivery.Taken first = recipient(deliver(request("joe", 1)));
			Delivery.Taken second = recipient(deliver(request("joe", 1)));
			assertThat(first.isJoined()).isFalse();
			assertThat(second.isJoined()).isTrue();
			reply();
			first.notWritten();
			second.written();
			Delivery.Taken third = recipient(deliver(request("joe", 1)));
			Delivery.Taken fourth = recipient(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
			reply();
			third.written();
			fourth.notWritten();
			assertThat(taken(deliver(request("joe", 1)))).isCompletedWithValue(REPLY);
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
		}

		@Test
		void nextDeliveryRunsAgainBeforeTheReplyIsWritten() {
			Delivery.Taken first = answered(request("joe", 1));
			Delivery.Taken second = recipient(deliver(request("joe", 1)));
			assertThat(second.isJoined()).isFalse();
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
			first.notWritten();
			reply();
			second.written();
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).as("the first reply is no longer needed").hasValue(3);
		}

		@Test
		void lateWriteFailureKeepsNothing() {
			Delivery.Taken first = answered(request("joe", 1));
			answered(request("joe", 1)).written();
			first.notWritten();
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(3);
		}

		@Test
		void keptReplyExpires() {
			answered(request("joe", 1)).notWritten();
			pass(Duration.ofSeconds(30));
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(2);
		}

		@Test
		void keptReplyIsForgottenWithTheNextBatchOfTheInstance() {
			answered(request("joe", 1)).notWritten();
			answered(request("joe", 2)).written();
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(3);
		}

		@Test
		void oldestKeptRepliesAreEvicted() {
			int each = request("a", 1).length + REPLY.length;
			RedeliveriesTests.this.redeliveries = new Redeliveries(Duration.ofSeconds(30), 2 * each,
					RedeliveriesTests.this.nanos::get);
			for (String id : new String[] { "a", "b", "c" }) {
				answered(request(id, 1)).notWritten();
			}
			assertThat(taken(deliver(request("b", 1)))).isCompletedWithValue(REPLY);
			assertThat(taken(deliver(request("c", 1)))).isCompletedWithValue(REPLY);
			assertThat(RedeliveriesTests.this.runs).hasValue(3);
			taken(deliver(request("a", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(4);
		}

		@Test
		void nothingIsKeptIfDisabled() {
			for (Redeliveries none : new Redeliveries[] {
					new Redeliveries(Duration.ZERO, 1000, RedeliveriesTests.this.nanos::get),
					new Redeliveries(Duration.ofSeconds(30), 10, RedeliveriesTests.this.nanos::get) }) {
				RedeliveriesTests.this.redeliveries = none;
				RedeliveriesTests.this.runs.set(0);
				answered(request("joe", 1)).notWritten();
				taken(deliver(request("joe", 1)));
				assertThat(RedeliveriesTests.this.runs).hasValue(2);
			}
		}

		@Test
		void failingWriteConcurrentWithTheNextDeliveryLeavesNothingBehind() throws Exception {
			ExecutorService threads = Executors.newSingleThreadExecutor();
			try {
				for (int i = 0; i < 20_000; i++) {
					int runs = RedeliveriesTests.this.runs.get();
					Delivery.Taken lost = answered(request("joe", 1));
					assertThat(RedeliveriesTests.this.runs).as("a new message").hasValue(runs + 1);
					Future<?> failing = threads.submit(lost::notWritten);
					Delivery.Taken again = recipient(deliver(request("joe", 1)));
					reply();
					assertThat(again.reply()).isCompletedWithValue(REPLY);
					again.written();
					failing.get();
				}
			}
			finally {
				threads.shutdownNow();
			}
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
			assertThat(RedeliveriesTests.this.redeliveries.answered() + RedeliveriesTests.this.runs.get())
				.isEqualTo(40_000);
		}

		@Test
		void deliveryConcurrentWithTheReplyJoinsOrRuns() throws Exception {
			ExecutorService threads = Executors.newSingleThreadExecutor();
			try {
				for (int i = 0; i < 20_000; i++) {
					int runs = RedeliveriesTests.this.runs.get();
					Delivery.Taken first = recipient(deliver(request("joe", 1)));
					assertThat(RedeliveriesTests.this.runs).as("a new message").hasValue(runs + 1);
					CompletableFuture<byte[]> ending = RedeliveriesTests.this.pending;
					RedeliveriesTests.this.pending = CompletableFuture.completedFuture(REPLY);
					Future<?> failing = threads.submit(() -> {
						ending.complete(REPLY);
						first.notWritten();
					});
					Delivery.Taken second = recipient(deliver(request("joe", 1)));
					assertThat(second.reply()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(REPLY);
					second.written();
					failing.get();
					RedeliveriesTests.this.pending = new CompletableFuture<>();
				}
			}
			finally {
				threads.shutdownNow();
			}
			assertThat(RedeliveriesTests.this.redeliveries.size()).isZero();
		}

	}

	@Nested
	class WhenItWasGivenUp {

		private final CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();

		private final RequestReplyHandler handler = new RequestReplyHandler(
				StatefulFunctions.builder().register("test/slow", new Slow(this.stage)).build());

		private PendingReply giveUp(Redeliveries redeliveries) {
			PendingReply[] reply = new PendingReply[1];
			CompletableFuture<byte[]> first = taken(redeliveries.deliver(request("joe", 1), (body) -> {
				reply[0] = (PendingReply) this.handler.handle(body);
				return reply[0];
			}));
			reply[0].completeExceptionally(new IllegalStateException("too long"));
			assertThat(first).isCompletedExceptionally();
			return reply[0];
		}

		@Test
		void secondDeliveryWaitsWhileTheFirstRuns() {
			giveUp(RedeliveriesTests.this.redeliveries);
			CompletableFuture<@Nullable Void> turn = waiting(deliver(request("joe", 1)));
			assertThat(turn).isNotDone();
			this.stage.complete(null);
			assertThat(turn).isCompleted();
			taken(deliver(request("joe", 1)));
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
		}

		@Test
		void waitForAStuckHandlerIsBounded(CapturedOutput output) {
			RedeliveriesTests.this.redeliveries = new Redeliveries(Duration.ofMillis(20), 1000);
			giveUp(RedeliveriesTests.this.redeliveries);
			Delivery second = deliver(request("joe", 1));
			if (second instanceof Delivery.Waiting waiting) {
				assertThat(waiting.end().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(10));
				taken(deliver(request("joe", 1)));
			}
			assertThat(RedeliveriesTests.this.runs).hasValue(1);
			assertThat(output).contains("A handler still runs 20 ms after its batch was given up");
		}

	}

	/**
	 * A function whose stage the test controls.
	 */
	static class Slow {

		private final CompletionStage<@Nullable Void> stage;

		Slow(CompletionStage<@Nullable Void> stage) {
			this.stage = stage;
		}

		@Handler
		CompletionStage<@Nullable Void> on(int message, Context context) {
			return this.stage;
		}

	}

}
