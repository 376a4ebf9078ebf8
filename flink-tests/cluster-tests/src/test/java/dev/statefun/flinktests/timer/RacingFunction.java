package dev.statefun.flinktests.timer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;

/**
 * Starts a timer again and again, and cancels or replaces it at about the time when it is
 * due, while it holds up its own messages. A state has the number of the timer that may
 * fire, so that no other one goes unnoticed.
 */
@StatefulFunction("timer/racing")
public class RacingFunction {

	private static final int DUE_MILLIS = 10;

	private static final int ROUND_MILLIS = 40;

	private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	private static final String RACE = "race";

	@Handler
	void round(Round round, RaceState state, Timers timers, Context context) {
		int number = round.left();
		if (number == 0) {
			Reminders.egress(context,
					"fired " + state.fired().get().orElse(0) + ", not allowed " + state.forbidden().get().orElse(0));
			return;
		}
		start(number, DUE_MILLIS, state, timers);
		int start = DUE_MILLIS - 2;
		context.sendAfter(Duration.ofMillis(start), context.self(), new Block());
		context.sendAfter(Duration.ofMillis(start + number % 5), context.self(), new Change(-number, number % 2 == 0));
		context.sendAfter(Duration.ofMillis(ROUND_MILLIS), context.self(), new Round(number - 1));
	}

	private static void start(int number, int millis, RaceState state, Timers timers) {
		state.pending().set(number);
		timers.start(RACE, Duration.ofMillis(millis), new Fired(number));
	}

	// The messages that are due in the meantime form a batch
	@Handler
	void block(Block block) {
		LockSupport.parkNanos(BLOCK_NANOS);
	}

	@Handler
	void change(Change change, RaceState state, Timers timers) {
		if (change.cancels()) {
			timers.cancel(RACE);
			state.pending().remove();
		}
		else {
			start(change.number(), 5, state, timers);
		}
	}

	@Handler
	void fired(Fired fired, RaceState state) {
		PersistedValue<Integer> count = state.pending().get().orElse(0).equals(fired.number()) ? state.fired()
				: state.forbidden();
		count.set(count.get().orElse(0) + 1);
		state.pending().remove();
	}

	record RaceState(PersistedValue<Integer> pending, PersistedValue<Integer> fired,
			PersistedValue<Integer> forbidden) {

	}

	/**
	 * Message that begins a round.
	 *
	 * @param left number of rounds that are left
	 */
	@MessageType("timer/Round")
	public record Round(int left) {

	}

	@MessageType("timer/Block")
	record Block() {

	}

	@MessageType("timer/Change")
	record Change(int number, boolean cancels) {

	}

	@MessageType("timer/Fired")
	record Fired(int number) {

	}

}
