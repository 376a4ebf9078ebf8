package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;

import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for a clock that is ahead of the wall clock.
 */
@Timeout(60)
class ClockAheadTests {

	private static final Address JOE = Address.of("test/worker", "joe");

	private static final Duration DAY = Duration.ofDays(1);

	private static LocalRuntime.Builder runtime() {
		return LocalRuntime.of(StatefulFunctions.builder().register("test/worker", new Worker()).build());
	}

	@Test
	void messagesAreHandledAtOnceAndDelaysEndWhenTheClockIsMovedForward() {
		try (LocalRuntime runtime = runtime().clockAhead().start()) {
			runtime.send(JOE, "start");
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("start ");
			assertThat(runtime.pendingDelayedMessages()).isEqualTo(2);
			runtime.advance(Duration.ofHours(23));
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("start ");
			assertThat(runtime.state(JOE, "seen", Boolean.class)).contains(true);
			runtime.advance(Duration.ofHours(1));
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("start later reminded ");
			assertThat(runtime.pendingTimers(JOE)).isEmpty();
			assertThat(runtime.state(JOE, "seen", Boolean.class)).contains(true);
			runtime.advance(DAY);
			assertThat(runtime.state(JOE, "seen", Boolean.class)).isEmpty();
		}
	}

	@Test
	void timeIsThatOfTheWallClockPlusTheLead() {
		try (LocalRuntime runtime = runtime().clockAhead().start()) {
			Instant before = Instant.now().minusMillis(1);
			assertThat(runtime.time()).isBetween(before, Instant.now());
			runtime.advance(DAY);
			runtime.advance(DAY);
			assertThat(runtime.time()).isBetween(before.plus(DAY).plus(DAY), Instant.now().plus(DAY).plus(DAY));
			assertThat(runtime.operations().clock().kind()).isEqualTo(ClockKind.AHEAD);
			assertThat(runtime.operations().clock().ahead()).isEqualTo(Duration.ofDays(2));
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.advance(Duration.ofMillis(-1)));
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.advance(Duration.ofSeconds(Long.MAX_VALUE)));
		}
	}

	@Test
	void snapshotHasTheLead() {
		byte[] snapshot;
		try (LocalRuntime runtime = runtime().clockAhead().start()) {
			runtime.advance(DAY);
			runtime.send(JOE, "start");
			runtime.runUntilIdle();
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = runtime().clockAhead().restore(snapshot).start()) {
			assertThat(runtime.operations().clock().ahead()).isEqualTo(DAY);
			runtime.advance(DAY);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("start later reminded ");
		}
		try (LocalRuntime runtime = runtime().restore(snapshot).start()) {
			assertThat(runtime.operations().clock().kind()).isEqualTo(ClockKind.REAL);
			assertThat(runtime.operations().clock().ahead()).isZero();
			assertThat(runtime.pendingDelayedMessages()).isEqualTo(2);
		}
	}

	@Test
	void clockOfAPausedRuntimeMovesToo() {
		try (LocalRuntime runtime = runtime().clockAhead().start()) {
			runtime.send(JOE, "start");
			runtime.runUntilIdle();
			assertThat(runtime.pause(Duration.ofSeconds(30))).isTrue();
			runtime.advance(DAY);
			assertThat(runtime.pendingDelayedMessages()).isEqualTo(2);
			runtime.start();
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "log", String.class)).contains("start later reminded ");
		}
	}

	@Test
	void theLastChoiceOfAClockCounts() {
		try (LocalRuntime ahead = runtime().manualClock().clockAhead().create();
				LocalRuntime manual = runtime().clockAhead().manualClock().create()) {
			assertThat(ahead.operations().clock().kind()).isEqualTo(ClockKind.AHEAD);
			assertThat(manual.operations().clock().kind()).isEqualTo(ClockKind.MANUAL);
		}
	}

	/**
	 * Records its messages.
	 */
	static final class Worker {

		@Handler
		void on(String text, @Persisted("log") PersistedValue<String> log,
				@Persisted(value = "seen", expireAfterWrite = "24h") PersistedValue<Boolean> seen, Context context,
				Timers timers) {
			log.set(log.get().orElse("") + text + " ");
			seen.set(true);
			if (text.equals("start")) {
				context.sendAfter(DAY.minusSeconds(1), context.self(), "later");
				timers.start("remind", DAY, "reminded");
			}
		}

	}

}
