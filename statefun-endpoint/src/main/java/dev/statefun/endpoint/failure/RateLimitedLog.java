package dev.statefun.endpoint.failure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * Logs at most one line per topic and minute, and counts suppressed ones.
 * <p>
 * Thread-safe.
 *
 * @param <T> type of the topics; equal topics share their minute
 * @since 0.1.0
 */
public final class RateLimitedLog<T> {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	/**
	 * Limit for topics that contain classes, which can be created at runtime without end.
	 */
	private static final int MAX_TOPICS = 1000;

	private static final long SUPPRESSED = -1;

	private final InstantSource clock;

	private final T others;

	private final Object lock = new Object();

	private final Map<T, Silence> silences = new HashMap<>();

	/**
	 * Create a limit.
	 * @param clock measures the minute
	 * @param others topic of all other lines once there are a thousand topics
	 */
	public RateLimitedLog(InstantSource clock, T others) {
		this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
		this.others = Objects.requireNonNull(others, "'others' must not be null");
	}

	/**
	 * Log a line, or suppress it.
	 * @param topic topic of the line
	 * @param line writes the line; accepts the number of suppressed lines of the topic
	 */
	public void log(T topic, LongConsumer line) {
		long suppressed = suppressedBefore(topic);
		if (suppressed != SUPPRESSED) {
			line.accept(suppressed);
		}
	}

	/**
	 * Return a line with the number of lines suppressed before it, if there are any.
	 * @param text the line
	 * @param suppressed the number
	 * @return the line
	 */
	public static String withSuppressed(String text, long suppressed) {
		return (suppressed == 0) ? text : text + " (similar lines suppressed: " + suppressed + ")";
	}

	private long suppressedBefore(T asked) {
		synchronized (this.lock) {
			// Not earlier: the line of another thread would then seem to be in the future
			Instant now = this.clock.instant();
			T topic = hasRoomFor(asked, now) ? asked : this.others;
			Silence silence = this.silences.get(topic);
			if (silence != null && silence.lastsAt(now)) {
				silence.suppressed++;
				return SUPPRESSED;
			}
			this.silences.put(topic, new Silence(now));
			return (silence != null) ? silence.suppressed : 0;
		}
	}

	private boolean hasRoomFor(T topic, Instant now) {
		if (this.silences.size() >= MAX_TOPICS && !this.silences.containsKey(topic)) {
			this.silences.values().removeIf((silence) -> !silence.lastsAt(now));
		}
		return this.silences.size() < MAX_TOPICS || this.silences.containsKey(topic);
	}

	/**
	 * The minute after a line.
	 */
	private static final class Silence {

		private final Instant start;

		private long suppressed;

		private Silence(Instant start) {
			this.start = start;
		}

		// A clock that is set back must not suppress lines
		private boolean lastsAt(Instant now) {
			return !now.isBefore(this.start) && now.isBefore(this.start.plus(INTERVAL));
		}

	}

}
