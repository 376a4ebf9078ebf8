package dev.statefun.spring.traffic;

import java.time.Duration;

import org.springframework.util.Assert;

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
		Assert.isTrue(readTimeout.compareTo(Duration.ZERO) > 0, "'readTimeout' must be positive");
		Assert.isTrue(minBytesPerSecond >= 0, "'minBytesPerSecond' must not be negative");
		Assert.isTrue(!grace.isNegative(), "'grace' must not be negative");
	}

}
