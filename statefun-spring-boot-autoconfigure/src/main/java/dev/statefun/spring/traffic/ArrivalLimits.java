package dev.statefun.spring.traffic;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Limits of how slowly the body of a request may arrive.
 *
 * @param readTimeout longest time without a byte, positive
 * @param minBytesPerSecond fewest bytes per second, averaged over the body; 0 for any
 * @param grace time for which the average does not matter yet, not negative
 * @since 0.1.0
 */
public record ArrivalLimits(Duration readTimeout, long minBytesPerSecond, Duration grace) {

	/** Time for which the average does not matter yet, by default. */
	public static final Duration GRACE = Duration.ofSeconds(10);

	/**
	 * Create the limits.
	 * @param readTimeout longest time without a byte
	 * @param minBytesPerSecond fewest bytes per second
	 * @param grace time for which the average does not matter yet
	 */
	public ArrivalLimits {
		Assert.isTrue(readTimeout.compareTo(Duration.ZERO) > 0, "'readTimeout' must be positive");
		Assert.isTrue(minBytesPerSecond >= 0, "'minBytesPerSecond' must not be negative");
		Assert.isTrue(!grace.isNegative(), "'grace' must not be negative");
	}

}
