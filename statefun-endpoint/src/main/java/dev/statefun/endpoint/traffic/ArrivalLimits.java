package dev.statefun.endpoint.traffic;

import java.time.Duration;

/**
 * Limits on how slowly the body of a request may arrive.
 *
 * @param readTimeout maximum time without a byte, positive
 * @param minBytesPerSecond minimum number of bytes per second, averaged over the body; 0
 * for no minimum
 * @param grace time before the average counts, not negative
 * @since 0.1.0
 */
public record ArrivalLimits(Duration readTimeout, long minBytesPerSecond, Duration grace) {

	/** Default time before the average counts. */
	public static final Duration GRACE = Duration.ofSeconds(10);

	/**
	 * Create the limits.
	 * @param readTimeout maximum time without a byte
	 * @param minBytesPerSecond minimum number of bytes per second
	 * @param grace time before the average counts
	 */
	public ArrivalLimits {
		if (readTimeout.compareTo(Duration.ZERO) <= 0) {
			throw new IllegalArgumentException("'readTimeout' must be positive");
		}
		if (minBytesPerSecond < 0) {
			throw new IllegalArgumentException("'minBytesPerSecond' must not be negative");
		}
		if (grace.isNegative()) {
			throw new IllegalArgumentException("'grace' must not be negative");
		}
	}

}
