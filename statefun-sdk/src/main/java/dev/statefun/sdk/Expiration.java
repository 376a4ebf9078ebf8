package dev.statefun.sdk;

import java.time.Duration;
import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.DelayRange;

/**
 * When a state is forgotten, in processing time. A 3.x cluster learns it from the
 * function; a change takes effect when the job restarts, and turning it on or off for a
 * state that exists already is refused by Flink (protocol.md §4.1). A 2.x cluster takes
 * it from {@code module.yaml} alone.
 *
 * @param mode what starts the time anew
 * @param timeToLive how long the state lives, in whole milliseconds; zero without a mode
 * @since 0.1.0
 */
public record Expiration(Mode mode, Duration timeToLive) {

	private static final Expiration NEVER = new Expiration(Mode.NEVER, Duration.ZERO);

	/**
	 * Create an expiration.
	 * @param mode what starts the time anew
	 * @param timeToLive how long the state lives; zero without a mode
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
	 * Let a state expire some time after it was last written.
	 * @param timeToLive how long it lives, at least a millisecond
	 * @return the expiration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public static Expiration afterWrite(Duration timeToLive) {
		return new Expiration(Mode.AFTER_WRITE, timeToLive);
	}

	/**
	 * Let a state expire some time after its function was last called.
	 * @param timeToLive how long it lives, at least a millisecond
	 * @return the expiration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public static Expiration afterCall(Duration timeToLive) {
		return new Expiration(Mode.AFTER_CALL, timeToLive);
	}

	/**
	 * What starts the time to live anew. The order is that of the wire: the ordinal is
	 * the number of the mode (protocol.md §1, ExpirationSpec).
	 */
	public enum Mode {

		/** The state does not expire. */
		NEVER,

		/** Writing the state. */
		AFTER_WRITE,

		/** Every call of the function, as it reads all its states. */
		AFTER_CALL

	}

}
