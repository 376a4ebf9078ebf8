package dev.statefun.local;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for when a runtime on the wall clock calls functions and listeners.
 */
class StartAndPauseTests {

	private static final Address JOE = Address.of("test/recorder", "joe");

	private static final Duration LONG = Duration.ofSeconds(30);

	private final Recorder recorder = new Recorder();

	private final LocalRuntime.Builder builder = LocalRuntime
		.of(StatefulFunctions.builder().register("test/recorder", this.recorder).build());

	@Test
	void createdRuntimeAcceptsMessagesAndCallsFunctionsOnceItIsStarted() {
		try (LocalRuntime runtime = this.builder.create()) {
			runtime.send(JOE, "early");
			assertThat(runtime.pause(Duration.ZERO)).isTrue();
			assertThat(this.recorder.seen).isEmpty();
			runtime.start();
			runtime.runUntilIdle();
			assertThat(this.recorder.seen).containsExactly("early");
		}
	}

	@Test
	void pausedRuntimeKeepsMessagesUntilItIsStartedAgain() {
		try (LocalRuntime runtime = this.builder.start()) {
			runtime.send(JOE, "first");
			runtime.runUntilIdle();
			assertThat(runtime.pause(LONG)).isTrue();
			runtime.send(JOE, "second");
			assertThat(this.recorder.seen).containsExactly("first");
			runtime.start();
			runtime.start();
			runtime.runUntilIdle();
			assertThat(this.recorder.seen).containsExactly("first", "second");
		}
	}

	@Test
	void pauseWaitsForRequestsInFlight() throws InterruptedException {
		try (LocalRuntime runtime = this.builder.start()) {
			runtime.send(JOE, "slow");
			this.recorder.reached.await();
			assertThat(runtime.pause(Duration.ofMillis(10))).isFalse();
			this.recorder.go.countDown();
			assertThat(runtime.pause(LONG)).isTrue();
			assertThat(this.recorder.seen).containsExactly("slow");
		}
	}

	@Test
	void closedRuntimeDoesNotStart() {
		LocalRuntime runtime = this.builder.create();
		runtime.close();
		assertThatIllegalStateException().isThrownBy(runtime::start).withMessage("The local runtime is closed");
	}

	@Test
	void listenersAreCalledInTheOrderTheyWereAdded() {
		List<String> reported = new CopyOnWriteArrayList<>();
		try (LocalRuntime runtime = this.builder.listener(listener("first", reported))
			.listener(listener("second", reported))
			.manualClock()
			.start()) {
			runtime.send(JOE, "a");
			runtime.runUntilIdle();
		}
		assertThat(reported).containsExactly("first joe", "second joe");
	}

	@Test
	void runtimeReturnsItsFunctions() {
		try (LocalRuntime runtime = this.builder.create()) {
			assertThat(runtime.functions()).containsExactly(FunctionType.parse("test/recorder"));
		}
	}

	private static LocalRuntimeListener listener(String name, List<String> reported) {
		return new LocalRuntimeListener() {

			@Override
			public void replied(Effects effects) {
				reported.add(name + " " + effects.self().id());
			}

		};
	}

	/**
	 * Remembers its messages, and is slow for some of them.
	 */
	static final class Recorder {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final CountDownLatch reached = new CountDownLatch(1);

		private final CountDownLatch go = new CountDownLatch(1);

		@Handler
		void on(String text) throws InterruptedException {
			if (text.equals("slow")) {
				this.reached.countDown();
				this.go.await();
			}
			this.seen.add(text);
		}

	}

}
