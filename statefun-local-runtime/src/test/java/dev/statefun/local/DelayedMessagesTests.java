package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.handler.Protocol;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for delayed messages and cancellations (protocol.md §5).
 */
class DelayedMessagesTests {

	private static final String TYPE = ScriptedFunction.TYPE;

	private final ScriptedFunction function = new ScriptedFunction();

	@Test
	void delayedMessagesArriveWhenDueAndNotBefore() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(1000, TYPE, "2", "b", ""))
			.addDelayedInvocations(ScriptedFunction.delayed(500, TYPE, "1", "a", "")));
		try (LocalRuntime runtime = start("go")) {
			assertThat(runtime.pendingDelayedMessages()).isEqualTo(2);
			runtime.advance(Duration.ofMillis(499));
			assertThat(this.function.batches()).containsExactly(List.of("go"));
			runtime.advance(Duration.ofMillis(1));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"));
			assertThat(runtime.time()).isEqualTo(Instant.EPOCH.plusMillis(500));
			runtime.advance(Duration.ofHours(1));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"), List.of("b"));
			assertThat(runtime.pendingDelayedMessages()).isZero();
		}
	}

	@Test
	void messagesDueAtTheSameTimeArriveInTheOrderSent() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "2", "a", ""))
			.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "2", "b", ""))
			.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "2", "c", "")));
		try (LocalRuntime runtime = start("go")) {
			runtime.advance(Duration.ofMillis(10));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"), List.of("b", "c"));
		}
	}

	@Test
	void chainOfDelaysGoesOnWithinOneAdvance() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "")))
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "b", "")))
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(11, TYPE, "1", "c", "")));
		try (LocalRuntime runtime = start("go")) {
			runtime.advance(Duration.ofMillis(30));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"), List.of("b"));
			assertThat(runtime.time()).isEqualTo(Instant.EPOCH.plusMillis(30));
		}
	}

	@Test
	void messagesWithZeroDelayArriveAfterTheReplyAtTheSameTime() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(0, TYPE, "1", "a", "")));
		try (LocalRuntime runtime = start("go")) {
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"));
			assertThat(runtime.time()).isEqualTo(Instant.EPOCH);
		}
	}

	@Test
	void longestDelayIsLegal() {
		this.function.answers(
				(reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(Long.MAX_VALUE, TYPE, "1", "a", "")));
		try (LocalRuntime runtime = start("go")) {
			runtime.advance(Duration.ofDays(1000));
			assertThat(runtime.pendingDelayedMessages()).isOne();
		}
	}

	@Test
	void cancelledMessagesDoNotArriveAndFreeTheirToken() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "t")))
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("t"))
				.addDelayedInvocations(ScriptedFunction.delayed(20, TYPE, "1", "b", "t")));
		try (LocalRuntime runtime = start("go")) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("cancel"));
			runtime.advance(Duration.ofHours(1));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("cancel"), List.of("b"));
		}
	}

	@Test
	void deliveryFreesTheTokenToo() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "t")))
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "b", "t")));
		try (LocalRuntime runtime = start("go")) {
			runtime.advance(Duration.ofMillis(20));
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("a"), List.of("b"));
		}
	}

	@Test
	void cancellingWithAnUnusedTokenDoesNothing() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("t")));
		try (LocalRuntime runtime = start("go")) {
			runtime.advance(Duration.ofHours(1));
			assertThat(this.function.batches()).hasSize(1);
		}
	}

	@Test
	void tokensAreSharedByAllFunctionsOfTheSameIdAndByNoOthers() {
		ScriptedFunction other = new ScriptedFunction();
		this.function
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "t")));
		other.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("t")))
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("t")));
		try (LocalRuntime runtime = this.function.host().function(FunctionSpec.of("test/other"), other).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			runtime.send(dev.statefun.sdk.Address.of("test/other", "2"), ScriptedFunction.text("cancel"));
			runtime.runUntilIdle();
			assertThat(runtime.pendingDelayedMessages()).as("another id can't reach it").isOne();
			runtime.send(dev.statefun.sdk.Address.of("test/other", "1"), ScriptedFunction.text("cancel"));
			runtime.runUntilIdle();
			assertThat(runtime.pendingDelayedMessages()).isZero();
		}
	}

	@Test
	void tokenPendingForAnotherFunctionOfTheSameIdFailsTheJob() {
		ScriptedFunction other = new ScriptedFunction();
		this.function
			.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "t")));
		other.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "b", "t")));
		try (LocalRuntime runtime = this.function.host().function(FunctionSpec.of("test/other"), other).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			runtime.send(dev.statefun.sdk.Address.of("test/other", "1"), ScriptedFunction.text("go"));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining("Function 'test/other', id '1', sent a delayed message with the token 't'");
		}
	}

	@Test
	void tokensAreIgnoredOn2x() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "a", "t"))
			.addDelayedInvocations(ScriptedFunction.delayed(10, TYPE, "1", "b", "t")));
		try (LocalRuntime runtime = this.function.host().protocol(Protocol.V2).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			runtime.advance(Duration.ofMillis(10));
			assertThat(this.function.requests).hasSize(3);
		}
	}

	@Test
	void longestDelayCanBeWaitedFor() {
		Duration longest = Duration.ofDays(365L * 100_000_000);
		try (LocalRuntime runtime = this.function.host().start()) {
			Instant start = runtime.time();
			runtime.advance(longest);
			assertThat(runtime.time()).isEqualTo(start.plus(longest));
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.advance(longest));
			assertThat(runtime.time()).isEqualTo(start.plus(longest));
		}
	}

	@Test
	void timeOnlyMovesForwardAndOnlyOnRequest() {
		try (LocalRuntime runtime = this.function.host().start(); LocalRuntime live = LocalRuntime.builder().start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.advance(Duration.ofMillis(-1)))
				.withMessage("Time can't go back by PT0.001S");
			Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.advance(forever))
				.withMessageStartingWith("Time can't advance by " + forever + "; expected at most ");
			assertThatIllegalStateException().isThrownBy(() -> live.advance(Duration.ofMillis(1)))
				.withMessage(
						"This local runtime is on the wall clock; describe it with 'clockAhead()' or 'manualClock()'");
			assertThatIllegalStateException().isThrownBy(live::checkpoint);
			assertThatIllegalStateException().isThrownBy(live::restart);
		}
	}

	private LocalRuntime start(String text) {
		LocalRuntime runtime = this.function.host().start();
		runtime.send(ScriptedFunction.ONE, ScriptedFunction.text(text));
		runtime.runUntilIdle();
		return runtime;
	}

}
