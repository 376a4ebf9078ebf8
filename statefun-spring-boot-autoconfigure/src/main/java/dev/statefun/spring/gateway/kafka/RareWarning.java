package dev.statefun.spring.gateway.kafka;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs at most one warning per minute, and counts suppressed ones. Used by one thread.
 */
final class RareWarning {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private final Log logger;

	private @Nullable Long last;

	private int suppressed;

	RareWarning(Log logger) {
		this.logger = logger;
	}

	void log(String message, @Nullable Throwable cause) {
		long now = System.nanoTime();
		if (this.last != null && now - this.last < INTERVAL.toNanos()) {
			this.suppressed++;
			return;
		}
		String more = (this.suppressed > 0) ? " (and " + this.suppressed + " like it before)" : "";
		this.last = now;
		this.suppressed = 0;
		this.logger.warn(message + more, cause);
	}

}
