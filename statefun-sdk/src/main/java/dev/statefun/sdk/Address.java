package dev.statefun.sdk;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Address of a function instance: a function type and an id. An incoming id may be empty,
 * as clusters allow it; sending to an empty id is refused. Immutable.
 *
 * @since 0.1.0
 */
public final class Address {

	private final FunctionType type;

	private final String id;

	private Address(FunctionType type, String id) {
		this.type = Objects.requireNonNull(type, "'type' must not be null");
		this.id = Objects.requireNonNull(id, "'id' must not be null");
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
	 * Return the type of the function.
	 * @return the type
	 */
	public FunctionType type() {
		return this.type;
	}

	/**
	 * Return the id of the instance.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || other instanceof Address that && this.type.equals(that.type) && this.id.equals(that.id);
	}

	@Override
	public int hashCode() {
		return 31 * this.type.hashCode() + this.id.hashCode();
	}

	@Override
	public String toString() {
		return this.type + "/" + this.id;
	}

}
