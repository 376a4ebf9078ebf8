package dev.statefun.sdk;

import org.jspecify.annotations.Nullable;

/**
 * A function was declared in a way that can't work. Thrown at start-up, never for a
 * request.
 *
 * @since 0.1.0
 */
public final class InvalidFunctionException extends RuntimeException {

	private final String origin;

	InvalidFunctionException(String origin, String problem, @Nullable Throwable cause) {
		super(origin + ": " + problem, cause);
		this.origin = origin;
	}

	/**
	 * Return what declared the function.
	 * @return a class, method or bean, in words
	 */
	public String origin() {
		return this.origin;
	}

}
