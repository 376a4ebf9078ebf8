package dev.statefun.local;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for limits: work that would go on forever on a cluster ends here with an error.
 */
@Timeout(30)
class LimitsTests {

	private static final Address ONE = Address.of("test/endless", "1");

	private final ScriptedFunction function = new ScriptedFunction();

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void functionThatAsksForTheSameStatesForever(boolean names) {
		byte[] reply = (names ? ScriptedFunction.missing(ScriptedFunction.spec("count", "test/count"))
				: ScriptedFunction.missing())
			.toByteArray();
		this.function.answersAlways(reply);
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle)
				.withMessage("Function 'test/scripted' asked for missing states, but named none that it had not been "
						+ "sent (named: " + (names ? "[count], known: 'count'" : "[], known: none")
						+ "). A cluster would ask it again forever");
		}
	}

	@Test
	void functionThatAsksForNewStatesForever() {
		for (int i = 0; i < 20; i++) {
			this.function.asksFor(ScriptedFunction.spec("state-" + i, "test/count"));
		}
		try (LocalRuntime runtime = this.function.host().missingStateReplies(7).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle)
				.withMessage(
						"Function 'test/scripted' asked for missing states 8 times for one batch, for new ones each "
								+ "time. A cluster would ask it again forever; raise the limit 'missingStateReplies' if that is "
								+ "meant");
			assertThat(this.function.requests).hasSize(8);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void functionThatSendsToItselfForever(boolean manual) {
		LocalRuntime.Builder builder = endless().invocationsPerRun(1000);
		try (LocalRuntime runtime = (manual ? builder.manualClock() : builder).start()) {
			runtime.send(ONE, "self");
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle)
				.withMessage("Functions were sent more than 1000 messages without coming to rest, the last ones to "
						+ "'test/endless/1'; a function probably sends to itself without end. Raise the limit "
						+ "'invocationsPerRun' if that is meant");
		}
	}

	@Test
	void functionThatSendsToItselfForeverWithoutDelay() {
		try (LocalRuntime runtime = endless().invocationsPerRun(1000).manualClock().start()) {
			runtime.send(ONE, "delayed");
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> runtime.advance(Duration.ofSeconds(1)));
		}
	}

	@Test
	void functionThatSendsMoreAndMore() {
		try (LocalRuntime runtime = endless().waitingMessages(1000).manualClock().start()) {
			runtime.send(ONE, "double");
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageMatching("Function 'test/endless', id '1', sent \\d+ messages while \\d+ are waiting; "
						+ "functions probably send to each other without end. Raise the limit 'waitingMessages' "
						+ "\\(now 1000\\) if that is meant");
		}
	}

	@Test
	void messagesBeyondTheLimitOfWaitingMessagesAreRejected() {
		try (LocalRuntime runtime = this.function.host().waitingMessages(2).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("c")))
				.withMessage("The message for 'test/scripted/1' was rejected: 2 messages are waiting; send it again "
						+ "later, or raise the limit 'waitingMessages'");
			runtime.runUntilIdle();
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("c"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "block", "stage" })
	void batchThatNeverEnds(String how) {
		try (LocalRuntime runtime = endless().replyTimeout(Duration.ofMillis(100)).manualClock().start()) {
			runtime.send(ONE, how);
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessage("The request to function 'test/endless', id '1', with 1 message failed: it did not end "
						+ "within 100 ms ('replyTimeout')")
				.withCauseInstanceOf(TimeoutException.class)
				.satisfies((ex) -> assertThat(Objects.requireNonNull(ex.getCause()).getStackTrace()).as("where it was")
					.isNotEmpty());
			runtime.send(Address.of("test/endless", "2"), "fine");
			runtime.runUntilIdle();
		}
	}

	@Test
	void batchThatNeverEndsAndCannotBeInterrupted() {
		try (LocalRuntime runtime = endless().replyTimeout(Duration.ofMillis(100)).manualClock().start()) {
			runtime.send(ONE, "spin");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle)
				.satisfies((ex) -> assertThat(Objects.requireNonNull(ex.getCause()).getStackTrace())
					.anySatisfy((frame) -> assertThat(frame.getClassName()).isEqualTo(Endless.class.getName())));
		}
		finally {
			Endless.spinning = false;
		}
	}

	@Test
	void moreRecordsThanAreKept() {
		this.function.answersAlways(ScriptedFunction
			.result((reply) -> reply
				.addOutgoingEgresses(ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/r", "x"))))
			.toByteArray());
		try (LocalRuntime runtime = this.function.host().keptEgressRecords(1).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle)
				.withMessage(
						"Function 'test/scripted' sent a record to egress 'test/out' where 1 are kept already. Raise "
								+ "the limit 'keptEgressRecords' (now 1), or set it to 0 to keep none");
		}
	}

	@Test
	void moreRecordsThanAreKeptInOneReply() {
		this.function.answers((reply) -> reply
			.addOutgoingEgresses(ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/r", "x")))
			.addOutgoingEgresses(ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/r", "y"))));
		try (LocalRuntime runtime = this.function.host().keptEgressRecords(1).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(LimitExceededException.class).isThrownBy(runtime::runUntilIdle);
			assertThat(runtime.egress()).isEmpty();
		}
	}

	@Test
	void limitAppliesToAllInvocationsOfOneAdvance() {
		try (LocalRuntime runtime = endless().invocationsPerRun(100).manualClock().start()) {
			runtime.send(ONE, "every millisecond");
			assertThatExceptionOfType(LimitExceededException.class)
				.isThrownBy(() -> runtime.advance(Duration.ofHours(1)))
				.withMessageContaining("'test/endless/1'");
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MAX_VALUE / 1000, Long.MAX_VALUE })
	void longestTimesAreLimitedToACentury(long seconds) {
		Duration forever = Duration.ofSeconds(seconds);
		LocalRuntime.Builder builder = this.function.host().replyTimeout(forever).callTimeout(forever);
		try (LocalRuntime runtime = builder.restartDelay(forever).start()) {
			runtime.advance(Duration.ofDays(1));
			runtime.unreachableFor(forever);
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.advance(Duration.ofHours(1));
			assertThat(this.function.requests).isEmpty();
			assertThat(runtime.pause(forever)).isTrue();
		}
	}

	@Test
	void longestTimesAreLimitedToACenturyOnTheWallClockToo() {
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		LocalRuntime.Builder builder = LocalRuntime.builder().replyTimeout(forever).callTimeout(forever);
		try (LocalRuntime runtime = builder.restartDelay(forever).start()) {
			runtime.unreachableFor(forever);
			assertThat(runtime.pause(forever)).isTrue();
			assertThat(runtime.pause(forever.negated())).isTrue();
		}
	}

	@Test
	void limitsHaveToBePositive() {
		LocalRuntime.Builder builder = LocalRuntime.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.batchSize(0))
			.withMessage("'batchSize' is 0; expected at least 1");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.invocationsPerRun(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.waitingMessages(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.missingStateReplies(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.concurrency(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.replyTimeout(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.restartDelay(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(Duration.ofMillis(-1)))
			.withMessage("'callTimeout' is PT-0.001S; expected at least 0 ms");
		Duration least = Duration.ofSeconds(Long.MIN_VALUE);
		assertThatIllegalArgumentException().isThrownBy(() -> builder.replyTimeout(least));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.restartDelay(least));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.callTimeout(least));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.keptEgressRecords(-1));
	}

	private static LocalRuntime.Builder endless() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/endless", new Endless()).build());
	}

	/**
	 * Keeps the runtime busy in the way that the message names.
	 */
	static final class Endless {

		private static volatile boolean spinning = true;

		@Handler
		CompletionStage<?> on(String how, Context context) throws InterruptedException {
			switch (how) {
				case "self" -> context.send(context.self(), how);
				case "every millisecond" -> context.sendAfter(Duration.ofMillis(1), context.self(), how);
				case "delayed" -> context.sendAfter(Duration.ZERO, context.self(), how);
				case "double" -> {
					context.send(context.self(), how);
					context.send(context.self(), how);
				}
				case "block" -> new CountDownLatch(1).await();
				case "spin" -> spin();
				case "stage" -> {
					return new CompletableFuture<>();
				}
				default -> {
				}
			}
			return CompletableFuture.completedFuture(null);
		}

		private static void spin() {
			while (spinning) {
				Thread.onSpinWait();
			}
		}

	}

}
