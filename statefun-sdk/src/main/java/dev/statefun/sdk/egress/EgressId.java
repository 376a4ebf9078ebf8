package dev.statefun.sdk.egress;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Name of an egress, as the cluster's {@code module.yaml} declares it. Sending to an
 * egress that is not declared there fails the job (protocol.md §3.4).
 *
 * @param namespace part before the {@code /}; must not be empty
 * @param name part after it; must not be empty
 * @since 0.1.0
 */
public record EgressId(String namespace, String name) {

	/**
	 * Create an id from its parts.
	 * @param namespace part before the {@code /}; must not be empty
	 * @param name part after it; must not be empty
	 * @throws IllegalArgumentException if a part is empty, or the name has a {@code /}
	 */
	public EgressId {
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(name, "'name' must not be null");
		if (namespace.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
			throw invalid(namespace + "/" + name);
		}
	}

	/**
	 * Parse an id, which is split at the last {@code /}.
	 * @param typename the id in the form {@code <namespace>/<name>}
	 * @return the id
	 * @throws IllegalArgumentException if it has another form
	 */
	public static EgressId parse(String typename) {
		Objects.requireNonNull(typename, "'typename' must not be null");
		int slash = typename.lastIndexOf('/');
		if (slash < 0) {
			throw invalid(typename);
		}
		return new EgressId(typename.substring(0, slash), typename.substring(slash + 1));
	}

	private static InvalidDeclarationException invalid(String typename) {
		return new InvalidDeclarationException("Egress '" + typename + "' is not valid",
				"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
	}

	@Override
	public String toString() {
		return this.namespace + "/" + this.name;
	}

}
