package dev.statefun.sdk;

import java.time.Duration;

/**
 * The times that a cluster can add to its clock. It checks neither sign nor size: a
 * negative delay fails the job, and one that overflows lies in the past (protocol.md §5).
 */
final class DelayRange {

	private static final Duration MAX = Duration.ofDays(365L * 100_000_000);

	private DelayRange() {
	}

	static long toMillis(Duration duration, String name) {
		if (duration.isNegative() || duration.compareTo(MAX) > 0) {
			throw new IllegalArgumentException(
					name + " must be between zero and 100 million years, but is " + duration);
		}
		return duration.toMillis();
	}

}
