package dev.statefun.module;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads and writes durations as Flink does: a whole number and a unit, or milliseconds
 * without one (protocol.md §7).
 */
final class YamlDurations {

	private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([a-zµ]*)");

	private static final Map<String, Duration> WRITTEN = new LinkedHashMap<>();

	private static final Map<Set<String>, Duration> READ = Map.of(Set.of("d", "day", "days"), Duration.ofDays(1),
			Set.of("h", "hour", "hours"), Duration.ofHours(1), Set.of("min", "minute", "minutes"),
			Duration.ofMinutes(1), Set.of("s", "sec", "secs", "second", "seconds"), Duration.ofSeconds(1),
			Set.of("", "ms", "milli", "millis", "millisecond", "milliseconds"), Duration.ofMillis(1),
			Set.of("µs", "micro", "micros", "microsecond", "microseconds"), Duration.ofNanos(1000),
			Set.of("ns", "nano", "nanos", "nanosecond", "nanoseconds"), Duration.ofNanos(1));

	static {
		WRITTEN.put("d", Duration.ofDays(1));
		WRITTEN.put("h", Duration.ofHours(1));
		WRITTEN.put("min", Duration.ofMinutes(1));
		WRITTEN.put("s", Duration.ofSeconds(1));
	}

	private YamlDurations() {
	}

	static String write(Duration duration) {
		for (Map.Entry<String, Duration> unit : WRITTEN.entrySet()) {
			long count = duration.dividedBy(unit.getValue());
			if (count > 0 && unit.getValue().multipliedBy(count).equals(duration)) {
				return count + unit.getKey();
			}
		}
		return duration.toMillis() + "ms";
	}

	/**
	 * Read a duration.
	 * @param text text of the file
	 * @return the duration, or {@code null} if Flink could not read it
	 */
	static @Nullable Duration read(String text) {
		Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
		if (matcher.matches()) {
			for (Map.Entry<Set<String>, Duration> unit : READ.entrySet()) {
				if (unit.getKey().contains(matcher.group(2))) {
					try {
						return unit.getValue().multipliedBy(Long.parseLong(matcher.group(1)));
					}
					catch (ArithmeticException ex) {
						// Longer than any duration
						return null;
					}
				}
			}
		}
		return null;
	}

}
