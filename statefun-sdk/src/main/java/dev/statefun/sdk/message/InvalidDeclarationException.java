package dev.statefun.sdk.message;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a type or a state is declared in a way that can't work. Has the problem and
 * the action to take as separate texts, for failure reports.
 *
 * @since 0.1.0
 */
public class InvalidDeclarationException extends IllegalArgumentException {

	private final String problem;

	private final String action;

	/**
	 * Create an exception.
	 * @param problem the problem, as a sentence without its full stop
	 * @param action the action to take, as an imperative sentence without its full stop
	 * @param cause the cause, or {@code null}
	 */
	public InvalidDeclarationException(String problem, String action, @Nullable Throwable cause) {
		super(problem + ". " + action + ".", cause);
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Return the problem.
	 * @return a sentence without its full stop
	 */
	public final String problem() {
		return this.problem;
	}

	/**
	 * Return the action to take.
	 * @return an imperative sentence without its full stop
	 */
	public final String action() {
		return this.action;
	}

}
