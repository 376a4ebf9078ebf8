package dev.statefun.spring.boot.autoconfigure.actuate;

import java.time.Duration;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Configuration properties for the health of stateful functions.
 *
 * @param stuckAfter Time after which a batch that still runs counts as stuck, 1ms to 7d;
 * when not set, 10 seconds longer than a batch may take, or 2 minutes if batches have no
 * time limit.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.health")
public record StatefunHealthProperties(@Nullable Duration stuckAfter) {

	private static final Duration GRACE = Duration.ofSeconds(10);

	private static final Duration WITHOUT_LIMIT = Duration.ofMinutes(2);

	/**
	 * Create the settings.
	 * @param stuckAfter time after which a batch that still runs counts as stuck
	 */
	public StatefunHealthProperties {
		PropertyRange.POSITIVE_TIME.check("statefun.health.stuck-after", stuckAfter);
	}

	/**
	 * Return the time after which a batch counts as stuck.
	 * @param limit time limit of batches; one within it is slow, not stuck
	 * @return the configured time, or the default for that limit
	 */
	public Duration stuckAfter(BatchTimeLimit limit) {
		if (this.stuckAfter != null) {
			return this.stuckAfter;
		}
		return limit.longest().isZero() ? WITHOUT_LIMIT : limit.longest().plus(GRACE);
	}

}
