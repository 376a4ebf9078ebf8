package dev.statefun.sdk;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Parses the durations in annotations.
 */
final class TimeToLive {

	private static final Pattern SIMPLE = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

	private static final Map<String, Duration> UNITS = Map.of("ms", Duration.ofMillis(1), "s", Duration.ofSeconds(1),
			"m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));

	private TimeToLive() {
	}

	static Duration parse(String text) {
		Matcher simple = SIMPLE.matcher(text.strip());
		try {
			if (simple.matches()) {
				Duration unit = UNITS.getOrDefault(simple.group(2), Duration.ZERO);
				return unit.multipliedBy(Long.parseLong(simple.group(1)));
			}
			return Duration.parse(text.strip());
		}
		catch (DateTimeParseException | ArithmeticException ex) {
			throw new InvalidDeclarationException("'" + text + "' is no time to live",
					"Give a number with a unit (ms, s, m, h or d), or an ISO-8601 duration", ex);
		}
	}

}
