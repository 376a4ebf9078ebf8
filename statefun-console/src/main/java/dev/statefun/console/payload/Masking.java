package dev.statefun.console.payload;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides what the console does not show.
 *
 * @since 0.1.0
 */
public final class Masking {

	private final List<Pattern> types;

	private final Set<String> fields;

	/**
	 * Create a masking.
	 * @param types names of message and state types that are not shown; an asterisk
	 * stands for any characters
	 * @param fields names of fields of JSON, at any depth, and keys of headers, that are
	 * not shown; upper and lower case are the same
	 */
	public Masking(Collection<String> types, Collection<String> fields) {
		this.types = types.stream().map(Masking::pattern).toList();
		this.fields = fields.stream().map(Masking::lowerCase).collect(Collectors.toUnmodifiableSet());
	}

	private static Pattern pattern(String type) {
		String[] parts = type.split("\\*", -1);
		StringBuilder pattern = new StringBuilder();
		for (int i = 0; i < parts.length; i++) {
			pattern.append((i > 0) ? ".*" : "").append(Pattern.quote(parts[i]));
		}
		return Pattern.compile(pattern.toString(), Pattern.DOTALL);
	}

	private static String lowerCase(String name) {
		return name.toLowerCase(Locale.ROOT);
	}

	/**
	 * Return whether values of a type are not shown.
	 * @param type name of the type
	 * @return whether they are masked
	 */
	public boolean hidesType(String type) {
		return this.types.stream().anyMatch((pattern) -> pattern.matcher(type).matches());
	}

	/**
	 * Return whether a field or header is not shown.
	 * @param name its name
	 * @return whether it is masked
	 */
	public boolean hidesField(String name) {
		return this.fields.contains(lowerCase(name));
	}

	/**
	 * Return whether any field is not shown.
	 * @return whether there are names of fields
	 */
	public boolean hidesFields() {
		return !this.fields.isEmpty();
	}

	// Returns whether something was masked
	boolean apply(JsonNode node) {
		boolean masked = false;
		if (node instanceof ObjectNode object) {
			for (String name : List.copyOf(object.propertyNames())) {
				if (hidesField(name)) {
					object.put(name, Payload.MASK);
					masked = true;
				}
				else {
					masked |= apply(object.path(name));
				}
			}
		}
		else if (node instanceof ArrayNode array) {
			for (JsonNode element : array) {
				masked |= apply(element);
			}
		}
		return masked;
	}

}
