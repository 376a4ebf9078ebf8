package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that listeners that throw affect neither the runtime nor each other.
 */
@Timeout(30)
class ListenersTests {

	private final ScriptedFunction function = new ScriptedFunction();

	private final List<Effects> reported = new ArrayList<>();

	@Test
	void assertionThatFailsInAListenerFailsTheTest() {
		try (LocalRuntime runtime = this.function.host().listener(new Failing()).listener(recorder()).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::runUntilIdle).withMessage("listener");
			assertThat(this.reported).as("the other listener").hasSize(1);
			assertThat(this.function.requests).as("the reply was applied").hasSize(1);
			runtime.runUntilIdle();
			assertThat(this.function.requests).hasSize(1);
		}
	}

	@Test
	void failureIsNotHiddenByAListenerThatThrowsToo() {
		FunctionEndpoint broken = (request) -> {
			throw new IllegalStateException("broken");
		};
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(FunctionSpec.of(ScriptedFunction.TYPE), broken)
			.manualClock()
			.listener(new Failing())
			.start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::runUntilIdle);
		}
	}

	@Test
	void workersOutliveListenersThatThrow() {
		AtomicInteger calls = new AtomicInteger();
		LocalRuntimeListener failing = new LocalRuntimeListener() {

			@Override
			public void replied(Effects effects) {
				calls.incrementAndGet();
				throw new AssertionError("listener");
			}

		};
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(FunctionSpec.of(ScriptedFunction.TYPE),
					(request) -> CompletableFuture.completedFuture(new byte[0]))
			.concurrency(2)
			.listener(failing)
			.start()) {
			for (int i = 0; i < 20; i++) {
				runtime.send(Address.of(ScriptedFunction.TYPE, "" + i), ScriptedFunction.text("a"));
			}
			runtime.runUntilIdle();
			assertThat(calls).hasValue(20);
		}
	}

	private LocalRuntimeListener recorder() {
		return new LocalRuntimeListener() {

			@Override
			public void replied(Effects effects) {
				ListenersTests.this.reported.add(effects);
			}

		};
	}

	/**
	 * Throws from every callback.
	 */
	private static final class Failing implements LocalRuntimeListener {

		@Override
		public void replied(Effects effects) {
			throw new AssertionError("listener");
		}

		@Override
		public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
			throw new AssertionError("listener");
		}

	}

}
