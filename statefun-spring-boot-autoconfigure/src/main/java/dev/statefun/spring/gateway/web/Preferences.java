package dev.statefun.spring.gateway.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Preferences of a client about waiting (RFC 7240). Whatever else the header contains is
 * ignored, as the RFC demands.
 *
 * @param maxWait maximum duration of the waiting
 * @param applied value of the header {@code Preference-Applied}
 */
record Preferences(Duration maxWait, String applied) {

	/** Longer waits than this are more than any timeout. */
	private static final int MAX_DIGITS = 9;

	/**
	 * Return the preferences in a header.
	 * @param values values of the header {@code Prefer}
	 * @param timeout longest possible wait
	 * @return the preferences, or {@code null} if there is none about waiting
	 */
	static @Nullable Preferences of(List<String> values, Duration timeout) {
		Duration wait = null;
		boolean async = false;
		for (String preference : split(String.join(",", values))) {
			String[] parts = preference.split(";", 2)[0].split("=", 2);
			String name = parts[0].strip().toLowerCase(Locale.ROOT);
			async |= name.equals("respond-async");
			// The first of several counts
			if (name.equals("wait") && wait == null && parts.length == 2) {
				wait = seconds(parts[1].strip());
			}
		}
		if (wait == null && !async) {
			return null;
		}
		Duration applied = (wait != null) ? wait : Duration.ZERO;
		if (applied.compareTo(timeout) > 0) {
			applied = timeout;
		}
		return new Preferences(applied, applied(async, (wait != null) ? applied : null));
	}

	// At the commas outside of quotes
	private static List<String> split(String header) {
		List<String> items = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < header.length(); i++) {
			char c = header.charAt(i);
			if (quoted && c == '\\') {
				i++;
			}
			else if (c == '"') {
				quoted = !quoted;
			}
			else if (c == ',' && !quoted) {
				items.add(header.substring(start, i));
				start = i + 1;
			}
		}
		items.add(header.substring(start));
		return items;
	}

	private static @Nullable Duration seconds(String value) {
		String digits = (value.length() > 1 && value.startsWith("\"") && value.endsWith("\""))
				? value.substring(1, value.length() - 1) : value;
		if (digits.isEmpty() || !digits.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return null;
		}
		String significant = digits.replaceFirst("^0+(?=.)", "");
		return (significant.length() > MAX_DIGITS) ? Duration.ofDays(Integer.MAX_VALUE)
				: Duration.ofSeconds(Long.parseLong(significant));
	}

	private static String applied(boolean async, @Nullable Duration wait) {
		if (wait == null) {
			return "respond-async";
		}
		return (async ? "respond-async, " : "") + "wait=" + wait.toSeconds();
	}

}
