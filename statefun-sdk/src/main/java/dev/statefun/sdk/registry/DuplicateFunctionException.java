package dev.statefun.sdk.registry;

import dev.statefun.sdk.FunctionType;

/**
 * Thrown at start-up when two functions are registered under one type.
 *
 * @since 0.1.0
 */
public final class DuplicateFunctionException extends RuntimeException {

	private final transient FunctionType type;

	private final String first;

	private final String second;

	DuplicateFunctionException(FunctionType type, String first, String second) {
		super("Function '" + type + "' is declared by " + first + " and by " + second
				+ "; function types must be unique");
		this.type = type;
		this.first = first;
		this.second = second;
	}

	/**
	 * Return the type that is registered twice.
	 * @return the function type
	 */
	public FunctionType type() {
		return this.type;
	}

	/**
	 * Return the first declaration of the function.
	 * @return description of a class or bean
	 */
	public String first() {
		return this.first;
	}

	/**
	 * Return the second declaration of the function.
	 * @return description of a class or bean
	 */
	public String second() {
		return this.second;
	}

}
