package dev.statefun.sdk;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Name of a kind of function: what {@code module.yaml} lists, and what one class or bean
 * implements for any number of ids.
 * <p>
 * A namespace with a {@code /} of its own only works on 2.x clusters; 3.x modules allow
 * exactly one {@code /} in the whole name (protocol.md §7.3).
 *
 * @param namespace what stands before the last {@code /}; must not be empty
 * @param name what stands after it; must not be empty
 * @since 0.1.0
 */
public record FunctionType(String namespace, String name) {

	/**
	 * Create a function type from its parts.
	 * @param namespace what stands before the last {@code /}; must not be empty
	 * @param name what stands after it; must not be empty
	 * @throws IllegalArgumentException if a part is empty, or the name has a {@code /}
	 */
	public FunctionType {
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(name, "'name' must not be null");
		if (namespace.isBlank() || name.isBlank() || name.indexOf('/') >= 0) {
			throw invalid(namespace + "/" + name);
		}
	}

	/**
	 * Create a function type from its parts.
	 * @param namespace what stands before the last {@code /}; must not be empty
	 * @param name what stands after it; must not be empty
	 * @return the function type
	 * @throws IllegalArgumentException if a part is empty, or the name has a {@code /}
	 */
	public static FunctionType of(String namespace, String name) {
		return new FunctionType(namespace, name);
	}

	/**
	 * Parse a function type; the last {@code /} splits.
	 * @param typename the name in the form {@code <namespace>/<name>}
	 * @return the function type
	 * @throws IllegalArgumentException if the name is of another form
	 */
	public static FunctionType parse(String typename) {
		Objects.requireNonNull(typename, "'typename' must not be null");
		int slash = typename.lastIndexOf('/');
		if (slash < 0) {
			throw invalid(typename);
		}
		return new FunctionType(typename.substring(0, slash), typename.substring(slash + 1));
	}

	private static InvalidDeclarationException invalid(String typename) {
		return new InvalidDeclarationException("Function type '" + typename + "' is not valid",
				"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
	}

	@Override
	public String toString() {
		return this.namespace + "/" + this.name;
	}

}
