package dev.statefun.sdk.registry;

import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * A function was declared in a way that can't work. Thrown at start-up, never for a
 * request.
 *
 * @since 0.1.0
 */
public final class InvalidFunctionException extends RuntimeException {

	private final String origin;

	private final String problem;

	private final String action;

	InvalidFunctionException(String origin, String problem, String action, @Nullable Throwable cause) {
		super(origin + ": " + problem + ". " + action + ".", cause);
		this.origin = origin;
		this.problem = problem;
		this.action = action;
	}

	static InvalidFunctionException of(String origin, String part, InvalidDeclarationException cause) {
		return new InvalidFunctionException(origin, part + ": " + cause.problem(), cause.action(), cause);
	}

	/**
	 * Return what declared the function.
	 * @return a class, handler or bean, in words
	 */
	public String origin() {
		return this.origin;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence in the imperative without its full stop
	 */
	public String action() {
		return this.action;
	}

}
