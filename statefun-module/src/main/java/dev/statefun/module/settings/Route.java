package dev.statefun.module.settings;

import java.util.List;

/**
 * Topic or stream with the targets of its records.
 *
 * @param name name of the topic or stream
 * @param valueType type of the values, as functions see it
 * @param targets types of the functions that receive them
 * @since 0.1.0
 */
public record Route(String name, String valueType, List<String> targets) {

	/**
	 * Create a route.
	 * @param name name of the topic or stream
	 * @param valueType type of the values
	 * @param targets types of the functions that receive them
	 * @throws IllegalArgumentException if one of them is missing
	 */
	public Route {
		Checks.hasText(name, "name");
		Checks.hasText(valueType, "value-type");
		Checks.isTrue(Checks.isFilled(targets), () -> "'" + name + "' has no 'targets'");
		targets = List.copyOf(targets);
	}

}
