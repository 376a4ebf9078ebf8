package dev.statefun.spring.metrics;

import java.util.Locale;

import dev.statefun.sdk.failure.FailureAction;

/**
 * Names of constants in tags and other output: lower case, with hyphens.
 *
 * @since 0.1.0
 */
public final class TagValues {

	/** Represents everything without a name in the registry or the settings. */
	static final String OTHER = "other";

	private TagValues() {
	}

	/**
	 * Return the name of a constant.
	 * @param value the constant
	 * @return its name
	 */
	public static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return the name of an action.
	 * @param action action for a failed message
	 * @return {@code retry}, {@code skip} or {@code dead-letter}
	 */
	public static String of(FailureAction action) {
		if (action instanceof FailureAction.DeadLetterTo) {
			return "dead-letter";
		}
		return (action == FailureAction.skip()) ? "skip" : "retry";
	}

}
