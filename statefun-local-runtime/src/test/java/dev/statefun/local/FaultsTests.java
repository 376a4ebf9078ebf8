package dev.statefun.local;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for requests that fail, arrive twice, or are sent again after a restart
 * (protocol.md §3.5, §6).
 */
class FaultsTests {

	private static final Address JOE = Address.of("test/count", "joe");

	private static final Address ANN = Address.of("test/count", "ann");

	private final Counter counter = new Counter();

	@Test
	void failedRequestIsThrownAndSentAgainLater() {
		try (LocalRuntime runtime = counters().start()) {
			this.counter.failures = 1;
			runtime.send(JOE, "a");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageStartingWith("The request to function 'test/count', id 'joe', with 1 message failed: ")
				.withRootCauseInstanceOf(IllegalArgumentException.class)
				.havingRootCause()
				.withMessage("made to fail");
			assertThat(runtime.egress()).isEmpty();
			runtime.runUntilIdle();
			assertThat(this.counter.calls).as("nothing happens without time").hasValue(1);
			runtime.advance(Duration.ofMillis(4));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
		}
	}

	@Test
	void failureOfOneInstanceDoesNotDelayOthers() {
		try (LocalRuntime runtime = counters().start()) {
			this.counter.failures = 1;
			runtime.send(JOE, "a");
			runtime.send(ANN, "a");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle);
			assertThat(runtime.state(JOE, "count", Integer.class)).isEmpty();
			assertThat(runtime.state(ANN, "count", Integer.class)).contains(1);
		}
	}

	@Test
	void requestThatKeepsFailingFailsTheJobWhenItsBudgetIsSpent() {
		List<Duration> retries = new ArrayList<>();
		LocalRuntimeListener listener = new LocalRuntimeListener() {

			@Override
			public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
				retries.add(retryIn);
			}

		};
		try (LocalRuntime runtime = counters().callTimeout(Duration.ofMillis(30)).listener(listener).start()) {
			this.counter.failures = Integer.MAX_VALUE;
			runtime.send(JOE, "a");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle);
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(RequestFailedException.class)
					.isThrownBy(() -> runtime.advance(Duration.ofHours(1)));
			}
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(() -> runtime.advance(Duration.ofHours(1)))
				.withMessageStartingWith(
						"The job of a cluster would fail: The request to function 'test/count', id 'joe'")
				.withMessageEndingWith(". It was sent 5 times within 30 ms ('callTimeout')");
			assertThat(retries).extracting(Duration::toMillis).containsExactly(4L, 8L, 16L, 2L);
		}
	}

	@Test
	void withoutABudgetTheFirstFailureFailsTheJob() {
		try (LocalRuntime runtime = counters().callTimeout(Duration.ZERO).start()) {
			this.counter.failures = 1;
			runtime.send(JOE, "a");
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageEndingWith(". It was sent once within 0 ms ('callTimeout')");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void lostReplyHasNoEffectButASecondDelivery(Protocol protocol) {
		try (LocalRuntime runtime = counters().protocol(protocol).start()) {
			runtime.send(JOE, "a");
			runtime.runUntilIdle();
			runtime.failOnce(JOE);
			runtime.send(JOE, "b");
			runtime.runUntilIdle();
			assertThat(this.counter.calls).hasValue(2);
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
			runtime.advance(Duration.ofMillis(4));
			assertThat(this.counter.calls).hasValue(3);
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
			assertThat(runtime.egress()).hasSize(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void statesAreCorrectWhenEverythingIsDeliveredTwice(Protocol protocol) {
		try (LocalRuntime runtime = counters().protocol(protocol).deliverTwice().start()) {
			for (int i = 0; i < 10; i++) {
				runtime.send((i % 2 == 0) ? JOE : ANN, "a");
			}
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(5);
			assertThat(runtime.state(ANN, "count", Integer.class)).contains(5);
			assertThat(runtime.egress()).hasSize(10);
			assertThat(this.counter.calls).hasValue(20);
		}
	}

	@Test
	void unreachableFunctionsAreCalledWhenTheyAreBack() {
		try (LocalRuntime runtime = counters().start()) {
			runtime.unreachableFor(Duration.ofMinutes(5));
			runtime.send(JOE, "a");
			runtime.advance(Duration.ofMinutes(4));
			assertThat(this.counter.calls).hasValue(0);
			runtime.send(JOE, "b");
			runtime.advance(Duration.ofMinutes(10));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void restartGoesBackToTheLastCheckpointAndReadsLaterInputAgain(Protocol protocol) {
		try (LocalRuntime runtime = counters().protocol(protocol).start()) {
			runtime.setState(ANN, "count", 5);
			runtime.send(JOE, "a");
			runtime.send(JOE, "later");
			runtime.runUntilIdle();
			runtime.checkpoint();
			runtime.send(JOE, "b");
			runtime.send(ANN, "c");
			runtime.advance(Duration.ofSeconds(1));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(4);
			assertThat(runtime.egress()).hasSize(5);
			runtime.restart();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
			assertThat(runtime.egress()).hasSize(2);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).as("and the timer is overdue").contains(4);
			assertThat(runtime.state(ANN, "count", Integer.class)).contains(6);
			assertThat(runtime.egress()).hasSize(5);
		}
	}

	@Test
	void withoutACheckpointARestartBeginsAnew() {
		try (LocalRuntime runtime = counters().start()) {
			runtime.setState(JOE, "count", 5);
			runtime.send(JOE, "a");
			runtime.runUntilIdle();
			runtime.restart();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(5);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(6);
			assertThat(runtime.egress()).hasSize(1);
		}
	}

	@Test
	void batchInFlightAtACheckpointIsSentAgain() {
		try (LocalRuntime runtime = counters().start()) {
			this.counter.failures = 1;
			runtime.send(JOE, "a");
			runtime.send(JOE, "b");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle);
			runtime.checkpoint();
			runtime.restart();
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
		}
	}

	@Test
	void statesAreRequestedAgainAfterARestart() {
		ScriptedFunction function = new ScriptedFunction().asksFor(ScriptedFunction.spec("count", "test/count"))
			.answers((reply) -> reply
				.addStateMutations(ScriptedFunction.modify("count", ScriptedFunction.value("test/count", "1"))));
		try (LocalRuntime runtime = function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			runtime.checkpoint();
			runtime.restart();
			function.asksFor(ScriptedFunction.spec("count", "test/count"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			runtime.runUntilIdle();
			assertThat(function.requests.get(2).getStateList()).isEmpty();
			assertThat(function.requests.get(3).getState(0).getStateValue().getValue().toStringUtf8()).isEqualTo("1");
		}
	}

	@Test
	void stateThatChangesItsTypeFailsTheJobAfterARestartToo() {
		ScriptedFunction function = new ScriptedFunction().asksFor(ScriptedFunction.spec("count", "test/count"));
		try (LocalRuntime runtime = function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			runtime.checkpoint();
			runtime.restart();
			function.asksFor(ScriptedFunction.spec("count", "test/other"));
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("b"));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageContaining(
						"is declared with the type 'test/other', but is kept with the type 'test/count'");
		}
	}

	@Test
	void anyFailureOfAnEndpointFailsTheRequest() {
		FunctionEndpoint broken = (request) -> CompletableFuture.failedFuture(new IOException("connection reset"));
		FunctionEndpoint throwing = (request) -> {
			throw new IllegalStateException("no such host");
		};
		FunctionEndpoint crashing = (request) -> {
			throw new StackOverflowError();
		};
		for (FunctionEndpoint endpoint : List.of(broken, throwing, crashing)) {
			try (LocalRuntime runtime = LocalRuntime.builder()
				.function(FunctionSpec.of("test/count"), endpoint)
				.manualClock()
				.start()) {
				runtime.send(JOE, "a");
				assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle)
					.withMessageMatching(".*(connection reset|no such host|StackOverflowError)");
			}
		}
	}

	@Test
	void nextRunContinuesAnInterruptedRun() {
		Thread test = Thread.currentThread();
		FunctionEndpoint endpoint = (request) -> {
			if (this.counter.calls.incrementAndGet() == 1) {
				test.interrupt();
				return new CompletableFuture<>();
			}
			return CompletableFuture.completedFuture(new byte[0]);
		};
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(FunctionSpec.of("test/count"), endpoint)
			.manualClock()
			.start()) {
			runtime.send(JOE, "a");
			assertThatIllegalStateException().isThrownBy(runtime::runUntilIdle)
				.withMessage("Interrupted while functions were running; what was on its way is sent again by the next "
						+ "run");
			assertThat(Thread.interrupted()).isTrue();
			runtime.runUntilIdle();
			assertThat(this.counter.calls).hasValue(2);
		}
	}

	private LocalRuntime.Builder counters() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/count", this.counter).build()).manualClock();
	}

	/**
	 * Counts its messages in a state and in a field.
	 */
	static final class Counter {

		private final AtomicInteger calls = new AtomicInteger();

		private volatile int failures;

		@Handler
		void on(String text, @Persisted("count") PersistedValue<Integer> count, Context context) {
			this.calls.incrementAndGet();
			count.set(count.get().orElse(0) + 1);
			context.sendEgress("test/out", text);
			if (text.equals("later")) {
				context.sendAfter(Duration.ofSeconds(1), context.self(), "due");
			}
			if (this.failures > 0) {
				this.failures--;
				throw new IllegalArgumentException("made to fail");
			}
		}

	}

}
