package dev.statefun.sdk.registry;

/**
 * A handler can't be called on its object: thrown by whoever knows how the object is
 * reached, at start-up.
 *
 * @since 0.1.0
 * @see FunctionSource#callableMethod
 */
public final class UncallableMethodException extends RuntimeException {

	private final String problem;

	private final String action;

	/**
	 * Create an exception.
	 * @param problem why the method can't be called, as a clause about "it"
	 * @param action what to do, as a sentence in the imperative without its full stop
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
