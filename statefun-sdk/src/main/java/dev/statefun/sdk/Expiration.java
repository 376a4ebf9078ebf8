package dev.statefun.sdk;

import java.time.Duration;
import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.DelayRange;

/**
 * Expiration of a state, in processing time. 3.x clusters receive it from the function: a
 * change takes effect when the job restarts, and Flink refuses to enable or disable it
 * for a state that already exists (protocol.md §4.1). 2.x clusters only read it from
 * {@code module.yaml}.
 *
 * @param mode the event that restarts the time to live
 * @param timeToLive time to live, in whole milliseconds; zero without a mode
 * @since 0.1.0
 */
public record Expiration(Mode mode, Duration timeToLive) {

	private static final Expiration NEVER = new Expiration(Mode.NEVER, Duration.ZERO);

	/**
	 * Create an expiration.
	 * @param mode the event that restarts the time to live
	 * @param timeToLive time to live; zero without a mode
	 * @throws IllegalArgumentException if the time is not positive, below a millisecond,
	 * or beyond 100 million years
	 */
	public Expiration {
		Objects.requireNonNull(mode, "'mode' must not be null");
		Objects.requireNonNull(timeToLive, "'timeToLive' must not be null");
		if (mode == Mode.NEVER) {
			timeToLive = Duration.ZERO;
		}
		else if (timeToLive.isNegative() || DelayRange.toMillis(timeToLive, "'timeToLive'") == 0) {
			// A non-positive time fails the job (protocol.md §4.1)
			throw new InvalidDeclarationException("A state can't expire after " + timeToLive,
					"Give a time of at least one millisecond", null);
		}
	}

	/**
	 * Return the expiration of a state that lives until it is removed.
	 * @return no expiration
	 */
	public static Expiration never() {
		return NEVER;
	}

	/**
	 * Create an expiration that starts with the last write of the state.
	 * @param timeToLive time to live; at least a millisecond
	 * @return the expiration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public static Expiration afterWrite(Duration timeToLive) {
		return new Expiration(Mode.AFTER_WRITE, timeToLive);
	}

	/**
	 * Create an expiration that starts with the last call of the function.
	 * @param timeToLive time to live; at least a millisecond
	 * @return the expiration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public static Expiration afterCall(Duration timeToLive) {
		return new Expiration(Mode.AFTER_CALL, timeToLive);
	}

	/**
	 * Events that restart the time to live. The ordinal of each is its number on the wire
	 * (protocol.md §1, ExpirationSpec).
	 */
	public enum Mode {

		/** The state does not expire. */
		NEVER,

		/** Writing the state. */
		AFTER_WRITE,

		/**
		 * Every call of the function: a call reads all states, which restarts the time.
		 */
		AFTER_CALL

	}

}
