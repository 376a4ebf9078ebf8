package dev.statefun.local;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for a runtime on the wall clock, which calls functions on its own threads.
 */
@Timeout(60)
class WallClockTests {

	private final Worker worker = new Worker();

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void everyMessageIsCountedOnceWhileOthersRun(Protocol protocol) {
		try (LocalRuntime runtime = workers().protocol(protocol).concurrency(8).start()) {
			for (int i = 0; i < 20_000; i++) {
				runtime.send(Address.of("test/worker", "" + i % 50), "pass on");
			}
			runtime.runUntilIdle();
			int sum = 0;
			for (int i = 0; i < 51; i++) {
				sum += runtime.state(Address.of("test/worker", "" + i), "count", Integer.class).orElse(0);
			}
			assertThat(sum).isEqualTo(40_000);
			assertThat(this.worker.overlaps).as("requests of one instance at the same time").hasValue(0);
		}
	}

	@Test
	void instancesRunAtTheSameTime() {
		try (LocalRuntime runtime = workers().concurrency(2).start()) {
			runtime.send(Address.of("test/worker", "a"), "meet");
			runtime.send(Address.of("test/worker", "b"), "meet");
			runtime.runUntilIdle();
			assertThat(this.worker.meeting.getCount()).isZero();
		}
	}

	@Test
	void delayedMessageArrivesWhileOthersAreBusy() {
		try (LocalRuntime runtime = workers().concurrency(2).start()) {
			runtime.send(Address.of("test/worker", "a"), "delay, then wait");
			runtime.runUntilIdle();
			assertThat(this.worker.meeting.getCount()).isZero();
		}
	}

	@Test
	void failedRequestIsSentAgainByItself() {
		Recorder recorder = new Recorder();
		try (LocalRuntime runtime = workers().listener(recorder).start()) {
			runtime.send(Address.of("test/worker", "a"), "fail twice");
			runtime.runUntilIdle();
			assertThat(runtime.state(Address.of("test/worker", "a"), "count", Integer.class)).contains(1);
			assertThat(recorder.failures).hasValue(2);
		}
	}

	@Test
	void failedJobEndsTheRuntime() {
		try (LocalRuntime runtime = workers().start()) {
			runtime.send(Address.of("test/worker", "a"), "kill the job");
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle);
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> runtime.send(Address.of("test/worker", "a"), "more"));
		}
	}

	@Test
	void failedJobContinuesWithARestartDelay() {
		Recorder recorder = new Recorder();
		try (LocalRuntime runtime = workers().listener(recorder).restartDelay(Duration.ofMillis(10)).start()) {
			runtime.send(Address.of("test/worker", "a"), "kill the job");
			runtime.send(Address.of("test/worker", "b"), "count");
			runtime.runUntilIdle();
			assertThat(runtime.state(Address.of("test/worker", "a"), "count", Integer.class)).contains(1);
			assertThat(runtime.state(Address.of("test/worker", "b"), "count", Integer.class)).contains(1);
			assertThat(recorder.failedJobs).hasValue(1);
		}
	}

	@Test
	void stuckRequestIsSentAgainByAnotherThread() {
		try (LocalRuntime runtime = workers().concurrency(1).replyTimeout(Duration.ofMillis(50)).start()) {
			runtime.send(Address.of("test/worker", "a"), "hang once");
			runtime.send(Address.of("test/worker", "b"), "count");
			runtime.runUntilIdle();
			assertThat(runtime.state(Address.of("test/worker", "a"), "count", Integer.class)).contains(1);
			assertThat(runtime.state(Address.of("test/worker", "b"), "count", Integer.class)).contains(1);
		}
	}

	// Called on the thread that watches all requests
	@Test
	@Timeout(20)
	void listenerThatInterruptsItsThreadDoesNotEndTheWatch() {
		LocalRuntimeListener interrupting = new LocalRuntimeListener() {

			@Override
			public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
				Thread.currentThread().interrupt();
			}

		};
		try (LocalRuntime runtime = workers().listener(interrupting).replyTimeout(Duration.ofMillis(50)).start()) {
			runtime.send(Address.of("test/worker", "a"), "hang twice");
			runtime.runUntilIdle();
			assertThat(runtime.state(Address.of("test/worker", "a"), "count", Integer.class)).contains(1);
		}
	}

	@Test
	void closedRuntimeRejectsMessagesAndKeepsItsContent() throws InterruptedException {
		LocalRuntime runtime = workers().start();
		runtime.send(Address.of("test/worker", "a"), "hang once");
		assertThat(this.worker.hanging.await(10, TimeUnit.SECONDS)).isTrue();
		runtime.close();
		runtime.close();
		assertThatIllegalStateException().isThrownBy(() -> runtime.send(Address.of("test/worker", "a"), "x"))
			.withMessage("The local runtime is closed");
		byte[] snapshot = runtime.snapshot();
		try (LocalRuntime next = workers().restore(snapshot).start()) {
			next.runUntilIdle();
			assertThat(next.state(Address.of("test/worker", "a"), "count", Integer.class)).contains(1);
		}
	}

	@Test
	void interruptionThatAHandlerLeavesBehindIsNotSeenByTheNext() {
		try (LocalRuntime runtime = workers().concurrency(1).start()) {
			runtime.send(Address.of("test/worker", "a"), "leave an interruption");
			runtime.send(Address.of("test/worker", "b"), "report interruptions");
			runtime.runUntilIdle();
			assertThat(this.worker.interrupted).isFalse();
		}
	}

	@Test
	void runtimeThatIsNotStartedNeverComesToRest() {
		try (LocalRuntime runtime = workers().create()) {
			runtime.send(Address.of("test/worker", "a"), "count");
			assertThatIllegalStateException().isThrownBy(runtime::runUntilIdle)
				.withMessage("The local runtime is not started, or paused, so it never comes to rest; call 'start()'");
			runtime.start();
			runtime.runUntilIdle();
		}
	}

	private LocalRuntime.Builder workers() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/worker", this.worker).build());
	}

	/**
	 * Counts calls of a listener.
	 */
	private static final class Recorder implements LocalRuntimeListener {

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger failedJobs = new AtomicInteger();

		@Override
		public void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
			this.failures.incrementAndGet();
		}

		@Override
		public void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
			this.failedJobs.incrementAndGet();
		}

	}

	/**
	 * Counts its messages, and follows their commands.
	 */
	static final class Worker {

		private final AtomicInteger overlaps = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private final CountDownLatch meeting = new CountDownLatch(2);

		private final CountDownLatch hanging = new CountDownLatch(1);

		private volatile boolean interrupted;

		private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();

		@Handler
		void on(String text, @Persisted("count") PersistedValue<Integer> count, Context context)
				throws InterruptedException {
			AtomicInteger running = this.running.computeIfAbsent(context.self().id(), (id) -> new AtomicInteger());
			if (running.incrementAndGet() > 1) {
				this.overlaps.incrementAndGet();
			}
			count.set(count.get().orElse(0) + 1);
			try {
				act(text, context);
			}
			finally {
				running.decrementAndGet();
			}
		}

		private void act(String text, Context context) throws InterruptedException {
			switch (text) {
				case "pass on" ->
					context.send("test/worker", "" + (Integer.parseInt(context.self().id()) + 1), "count");
				case "leave an interruption" -> Thread.currentThread().interrupt();
				case "report interruptions" -> this.interrupted = Thread.currentThread().isInterrupted();
				case "meet" -> meet();
				case "delay, then wait" -> {
					context.sendAfter(Duration.ofMillis(20), "test/worker", "b", "meet");
					context.send("test/worker", "c", "meet");
				}
				case "fail twice" -> {
					if (this.attempts.incrementAndGet() < 3) {
						throw new IllegalStateException("made to fail");
					}
				}
				case "kill the job" -> {
					if (this.attempts.incrementAndGet() < 2) {
						context.send("test/unknown", "x", text);
					}
				}
				case "hang twice" -> {
					if (this.attempts.incrementAndGet() < 3) {
						new CountDownLatch(1).await();
					}
				}
				case "hang once" -> {
					if (this.attempts.incrementAndGet() < 2) {
						this.hanging.countDown();
						new CountDownLatch(1).await();
					}
				}
				default -> {
				}
			}
		}

		private void meet() throws InterruptedException {
			this.meeting.countDown();
			this.meeting.await(10, TimeUnit.SECONDS);
		}

	}

}
