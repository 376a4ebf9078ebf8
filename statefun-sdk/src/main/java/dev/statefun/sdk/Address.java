package dev.statefun.sdk;

import java.util.Objects;

import dev.statefun.sdk.protocol.AddressFields;
import org.jspecify.annotations.Nullable;

/**
 * Address of a function instance: a function type and an id. An incoming id may be empty,
 * as clusters allow it; sending to an empty id is refused. Immutable.
 *
 * @since 0.1.0
 */
public final class Address {

	/** Null if the address was created from its parts. */
	private final byte @Nullable [] fields;

	/** Null until it is decoded; each thread may decode it again. */
	private @Nullable FunctionType type;

	/** Null until it is decoded; each thread may decode it again. */
	private @Nullable String id;

	private Address(FunctionType type, String id) {
		this.fields = null;
		this.type = Objects.requireNonNull(type, "'type' must not be null");
		this.id = Objects.requireNonNull(id, "'id' must not be null");
	}

	private Address(byte[] fields) {
		this.fields = fields;
	}

	/**
	 * Create an address.
	 * @param type type of the function
	 * @param id id of the instance
	 * @return the address
	 */
	public static Address of(FunctionType type, String id) {
		return new Address(type, id);
	}

	/**
	 * Create an address from a function type's name.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @return the address
	 * @throws IllegalArgumentException if the name has another form
	 */
	public static Address of(String typename, String id) {
		return new Address(FunctionType.parse(typename), id);
	}

	/**
	 * Internal: create an address that is decoded when it is used.
	 * @param fields fields of a valid address, not to be changed
	 * @return the address
	 */
	public static Address ofFields(byte[] fields) {
		return new Address(fields);
	}

	/**
	 * Return the type of the function.
	 * @return the type
	 */
	public FunctionType type() {
		FunctionType type = this.type;
		if (type == null) {
			type = FunctionType.of(AddressFields.namespace(encoded()), AddressFields.name(encoded()));
			this.type = type;
		}
		return type;
	}

	/**
	 * Return the id of the instance.
	 * @return the id
	 */
	public String id() {
		String id = this.id;
		if (id == null) {
			id = AddressFields.id(encoded());
			this.id = id;
		}
		return id;
	}

	private byte[] encoded() {
		return Objects.requireNonNull(this.fields);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Address that && type().equals(that.type()) && id().equals(that.id());
	}

	@Override
	public int hashCode() {
		return 31 * type().hashCode() + id().hashCode();
	}

	@Override
	public String toString() {
		return type() + "/" + id();
	}

}
