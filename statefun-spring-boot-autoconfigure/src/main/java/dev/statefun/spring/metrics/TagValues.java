package dev.statefun.spring.metrics;

import java.util.Locale;

import dev.statefun.sdk.FailureAction;

/**
 * How things are called in tags.
 */
final class TagValues {

	/** What has no name of its own in the registry or the settings. */
	static final String OTHER = "other";

	private TagValues() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static String of(FailureAction action) {
		if (action instanceof FailureAction.DeadLetterTo) {
			return "dead-letter";
		}
		return (action == FailureAction.skip()) ? "skip" : "retry";
	}

}
