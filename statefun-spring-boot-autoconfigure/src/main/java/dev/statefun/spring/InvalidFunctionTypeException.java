package dev.statefun.spring;

import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Thrown at start-up if the function type of an annotated bean is not valid.
 *
 * @since 0.1.0
 */
public final class InvalidFunctionTypeException extends RuntimeException {

	private final String beanName;

	private final String problem;

	private final String action;

	InvalidFunctionTypeException(String beanName, InvalidDeclarationException cause) {
		super("Bean '" + beanName + "': " + cause.getMessage(), cause);
		this.beanName = beanName;
		this.problem = cause.problem();
		this.action = cause.action();
	}

	/**
	 * Return the name of the bean.
	 * @return the bean's name
	 */
	public String beanName() {
		return this.beanName;
	}

	/**
	 * Return the problem.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Return how to solve the problem.
	 * @return a sentence in the imperative without its full stop
	 */
	public String action() {
		return this.action;
	}

}
