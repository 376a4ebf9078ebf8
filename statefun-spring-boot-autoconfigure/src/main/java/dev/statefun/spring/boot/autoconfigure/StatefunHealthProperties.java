package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for the health of stateful functions.
 *
 * @param stuckAfter After how long a batch that still runs counts as stuck; 1ms to 7d.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.health")
public record StatefunHealthProperties(@DefaultValue("30s") Duration stuckAfter) {

	/**
	 * Create the settings.
	 * @param stuckAfter after how long a batch that still runs counts as stuck
	 */
	public StatefunHealthProperties {
		PropertyRange.POSITIVE_TIME.check("statefun.health.stuck-after", stuckAfter);
	}

}
