package dev.statefun.sdk;

import java.util.Objects;

import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.protocol.AddressFields;
import org.jspecify.annotations.Nullable;

/**
 * Type of a function, under which {@code module.yaml} lists it. One class or bean
 * implements it for all ids.
 * <p>
 * A namespace that contains a {@code /} only works on 2.x clusters; 3.x modules allow
 * exactly one {@code /} in the whole name (protocol.md §7.3).
 * <p>
 * Immutable. Not a record, as it keeps its encoded form for the next message.
 *
 * @since 0.1.0
 */
public final class FunctionType {

	private final String namespace;

	private final String name;

	/** Null until a message is sent; each thread may encode it again. */
	private byte @Nullable [] fields;

	private FunctionType(String namespace, String name) {
		this.namespace = namespace;
		this.name = name;
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
		Objects.requireNonNull(namespace, "'namespace' must not be null");
		Objects.requireNonNull(name, "'name' must not be null");
		if (namespace.isBlank() || name.isBlank() || name.indexOf('/') >= 0) {
			throw invalid(namespace + "/" + name);
		}
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
		return of(typename.substring(0, slash), typename.substring(slash + 1));
	}

	private static InvalidDeclarationException invalid(String typename) {
		return new InvalidDeclarationException("Function type '" + typename + "' is not valid",
				"Write it in the form '<namespace>/<name>', with both parts non-empty", null);
	}

	/**
	 * Return the part before the last {@code /}.
	 * @return the namespace
	 */
	public String namespace() {
		return this.namespace;
	}

	/**
	 * Return the part after the last {@code /}.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Internal: return the fields of an address of the function, without its id.
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
		return this == other || other instanceof FunctionType that && this.namespace.equals(that.namespace)
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
