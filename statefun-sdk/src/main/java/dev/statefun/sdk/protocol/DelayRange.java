package dev.statefun.sdk.protocol;

import java.time.Duration;

/**
 * Internal: may change in any release. Range of the delays that a cluster accepts. The
 * cluster itself does not check it: a negative delay fails the job, and one that
 * overflows is in the past (protocol.md §5).
 *
 * @since 0.1.0
 */
public final class DelayRange {

	private static final Duration MAX = Duration.ofDays(365L * 100_000_000);

	private DelayRange() {
	}

	/**
	 * Convert a delay to milliseconds.
	 * @param duration the delay
	 * @param name name of the delay in an error, quoted if it is a parameter
	 * @return the number of milliseconds
	 * @throws IllegalArgumentException if the delay is negative or longer than 100
	 * million years
	 */
	public static long toMillis(Duration duration, String name) {
		if (duration.isNegative() || duration.compareTo(MAX) > 0) {
			throw new IllegalArgumentException(
					name + " must be between zero and 100 million years, but is " + duration);
		}
		return duration.toMillis();
	}

}
