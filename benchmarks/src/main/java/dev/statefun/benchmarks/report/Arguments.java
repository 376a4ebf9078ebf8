package dev.statefun.benchmarks.report;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of the form {@code --<name>=<value>}.
 */
public final class Arguments {

	private final Map<String, String> values = new HashMap<>();

	private Arguments() {
	}

	/**
	 * Read the arguments of a program.
	 * @param arguments the arguments
	 * @param names known names
	 * @return the arguments
	 */
	public static Arguments of(String[] arguments, String... names) {
		Arguments result = new Arguments();
		Set<String> known = Set.of(names);
		for (String argument : arguments) {
			int separator = argument.indexOf('=');
			String name = (argument.startsWith("--") && separator > 0) ? argument.substring(2, separator) : "";
			if (!known.contains(name)) {
				throw new IllegalArgumentException(
						"Unknown argument '" + argument + "'; expected --<name>=<value> with one of " + List.of(names));
			}
			result.values.put(name, argument.substring(separator + 1));
		}
		return result;
	}

	/**
	 * Return whether an argument is present.
	 * @param name the name
	 * @return whether it is present
	 */
	public boolean has(String name) {
		return this.values.containsKey(name);
	}

	/**
	 * Return a number.
	 * @param name the name
	 * @param otherwise default value
	 * @return the number
	 */
	public int number(String name, int otherwise) {
		String value = this.values.get(name);
		return (value != null) ? Integer.parseInt(value) : otherwise;
	}

	/**
	 * Return a number with decimals.
	 * @param name the name
	 * @param otherwise default value
	 * @return the number
	 */
	public double decimal(String name, double otherwise) {
		String value = this.values.get(name);
		return (value != null) ? Double.parseDouble(value) : otherwise;
	}

	/**
	 * Return a text.
	 * @param name the name
	 * @param otherwise default value
	 * @return the text
	 */
	public String text(String name, String otherwise) {
		return this.values.getOrDefault(name, otherwise);
	}

	/**
	 * Return numbers that are separated by commas.
	 * @param name the name
	 * @param otherwise default value, in the same form
	 * @return the numbers
	 */
	public List<Integer> numbers(String name, String otherwise) {
		return Arrays.stream(text(name, otherwise).split(",")).map(Integer::valueOf).toList();
	}

}
