package dev.statefun.sdk;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Type of a function, under which {@code module.yaml} lists it. One class or bean
 * implements it for all ids.
 * <p>
 * A namespace that contains a {@code /} only works on 2.x clusters; 3.x modules allow
 * exactly one {@code /} in the whole name (protocol.md §7.3).
 *
 * @param namespace part before the last {@code /}; must not be blank
 * @param name part after it; must not be blank
 * @since 0.1.0
 */
public record FunctionType(String namespace, String name) {

	/**
	 * Create a function type from its parts.
	 * @param namespace part before the last {@code /}; must not be blank
	 * @param name part after it; must not be blank
	 * @throws IllegalArgumentException if a part is empty, or the name contains a
	 * {@code /}
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
	 * @param namespace part before the last {@code /}; must not be blank
	 * @param name part after it; must not be blank
	 * @return the function type
	 * @throws IllegalArgumentException if a part is empty, or the name contains a
	 * {@code /}
	 */
	public static FunctionType of(String namespace, String name) {
		return new FunctionType(namespace, name);
	}

	/**
	 * Parse a function type, which is split at the last {@code /}.
	 * @param typename the name in the form {@code <namespace>/<name>}
	 * @return the function type
	 * @throws IllegalArgumentException if the name has another form
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
