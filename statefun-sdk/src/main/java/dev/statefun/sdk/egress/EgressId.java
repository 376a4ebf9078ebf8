package dev.statefun.sdk.egress;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.AddressFields;
import org.jspecify.annotations.Nullable;

/**
 * Name of an egress, as the cluster's {@code module.yaml} declares it. Sending to an
 * egress that is not declared there fails the job (protocol.md §3.4).
 * <p>
 * Immutable. Not a record, as it keeps its encoded form for the next message.
 *
 * @since 0.1.0
 */
public final class EgressId {

	private final String namespace;

	private final String name;

	/** Null until a message is sent; each thread may encode it again. */
	private byte @Nullable [] fields;

	private EgressId(String namespace, String name) {
		this.namespace = namespace;
		this.name = name;
	}

	/**
	 * Create an id from its parts.
	 * @param namespace part before the {@code /}; must not be empty
	 * @param name part after it; must not be empty
	 * @return the id
	 * @throws IllegalArgumentException if a part is empty, or the name has a {@code /}
	 */
	public static EgressId of(String namespace, String name) {
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(name, "'name' must not be null");
		if (namespace.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
			throw invalid(namespace + "/" + name);
		}
		return new EgressId(namespace, name);
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
		return of(typename.substring(0, slash), typename.substring(slash + 1));
	}

	private static InvalidDeclarationException invalid(String typename) {
		return new InvalidDeclarationException("Egress '" + typename + "' is not valid",
				"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
	}

	/**
	 * Return the part before the {@code /}.
	 * @return the namespace
	 */
	public String namespace() {
		return this.namespace;
	}

	/**
	 * Return the part after the {@code /}.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Internal: return the fields of a message to the egress.
	 * @return the encoded fields, not to be changed
	 */
	public byte[] fields() {
		byte[] fields = this.fields;
		if (fields == null) {
			fields = AddressFields.encodeType(this.namespace, this.name);
			this.fields = fields;
		}
		return fields;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof EgressId that && this.namespace.equals(that.namespace)
				&& this.name.equals(that.name);
	}

	@Override
	public int hashCode() {
		return 31 * this.namespace.hashCode() + this.name.hashCode();
	}

	@Override
	public String toString() {
		return this.namespace + "/" + this.name;
	}

}
