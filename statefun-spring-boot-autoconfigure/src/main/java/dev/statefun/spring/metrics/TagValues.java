package dev.statefun.spring.metrics;

import java.util.Locale;

import dev.statefun.sdk.failure.FailureAction;

/**
 * How things are called in tags, and wherever else they are shown: in small letters, with
 * hyphens.
 *
 * @since 0.1.0
 */
public final class TagValues {

	/** What has no name of its own in the registry or the settings. */
	static final String OTHER = "other";

	private TagValues() {
	}

	/**
	 * Return what a constant is called.
	 * @param value the constant
	 * @return its name
	 */
	public static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return what an action is called.
	 * @param action what is done about a failed message
	 * @return {@code retry}, {@code skip} or {@code dead-letter}
	 */
	public static String of(FailureAction action) {
		if (action instanceof FailureAction.DeadLetterTo) {
			return "dead-letter";
		}
		return (action == FailureAction.skip()) ? "skip" : "retry";
	}

}
