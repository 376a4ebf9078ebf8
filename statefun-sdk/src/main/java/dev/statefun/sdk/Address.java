package dev.statefun.sdk;

import java.util.Objects;

/**
 * Where a message goes: a function type, and the id of one of its instances. An id may be
 * empty when it arrives, as the cluster allows that; sending to an empty id is refused.
 *
 * @param type type of the function
 * @param id id of the instance
 * @since 0.1.0
 */
public record Address(FunctionType type, String id) {

	/**
	 * Create an address.
	 * @param type type of the function
	 * @param id id of the instance
	 */
	public Address {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(id, "'id' must not be null");
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
	 * @throws IllegalArgumentException if the name is of another form
	 */
	public static Address of(String typename, String id) {
		return new Address(FunctionType.parse(typename), id);
	}

	@Override
	public String toString() {
		return this.type + "/" + this.id;
	}

}
