package dev.statefun.sdk.registry;

/**
 * Thrown at start-up by the function passed to {@link FunctionSource#callableMethod} when
 * a handler can't be called on its object.
 *
 * @since 0.1.0
 */
public final class UncallableMethodException extends RuntimeException {

	private final String problem;

	private final String action;

	/**
	 * Create an exception.
	 * @param problem why the method can't be called, as the end of a sentence, such as
	 * {@code "it is final"}
	 * @param action the action to take, as an imperative sentence without its full stop
	 */
	public UncallableMethodException(String problem, String action) {
		super(problem + ". " + action + ".");
		this.problem = problem;
		this.action = action;
	}

	String problem() {
		return this.problem;
	}

	String action() {
		return this.action;
	}

}
