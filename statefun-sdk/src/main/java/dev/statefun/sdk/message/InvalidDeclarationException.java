package dev.statefun.sdk.message;

import org.jspecify.annotations.Nullable;

/**
 * A type or a state was declared in a way that can't work. Says what is wrong and what to
 * do about it, apart from each other, for those who report it.
 *
 * @since 0.1.0
 */
public class InvalidDeclarationException extends IllegalArgumentException {

	private final String problem;

	private final String action;

	/**
	 * Create an exception.
	 * @param problem what is wrong, as a sentence without its full stop
	 * @param action what to do, as a sentence in the imperative without its full stop
	 * @param cause what was thrown, or {@code null}
	 */
	public InvalidDeclarationException(String problem, String action, @Nullable Throwable cause) {
		super(problem + ". " + action + ".", cause);
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Return what is wrong.
	 * @return a sentence without its full stop
	 */
	public final String problem() {
		return this.problem;
	}

	/**
	 * Return what to do about it.
	 * @return a sentence in the imperative without its full stop
	 */
	public final String action() {
		return this.action;
	}

}
