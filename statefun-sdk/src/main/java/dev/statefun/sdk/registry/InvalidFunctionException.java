package dev.statefun.sdk.registry;

import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown at start-up when a function is declared in a way that can't work.
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
	 * Return the declaration of the function.
	 * @return description of a class, handler or bean
	 */
	public String origin() {
		return this.origin;
	}

	/**
	 * Return the problem.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return the action to take.
	 * @return an imperative sentence without its full stop
	 */
	public String action() {
		return this.action;
	}

}
