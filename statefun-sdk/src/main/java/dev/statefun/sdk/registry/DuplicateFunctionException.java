package dev.statefun.sdk.registry;

import dev.statefun.sdk.FunctionType;

/**
 * Two functions were registered under one type. Thrown at start-up: neither of them may
 * silently win.
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
	 * Return the type that is taken twice.
	 * @return the function type
	 */
	public FunctionType type() {
		return this.type;
	}

	/**
	 * Return what declared the function first.
	 * @return a class or bean, in words
	 */
	public String first() {
		return this.first;
	}

	/**
	 * Return what declared the function again.
	 * @return a class or bean, in words
	 */
	public String second() {
		return this.second;
	}

}
