package dev.statefun.spring;

/**
 * The function type of an annotated bean is not valid. Thrown at start-up.
 *
 * @since 0.1.0
 */
public final class InvalidFunctionTypeException extends RuntimeException {

	private final String beanName;

	private final String typename;

	InvalidFunctionTypeException(String beanName, String typename, IllegalArgumentException cause) {
		super("Bean '" + beanName + "': " + cause.getMessage(), cause);
		this.beanName = beanName;
		this.typename = typename;
	}

	/**
	 * Return the name of the bean.
	 * @return the bean's name
	 */
	public String beanName() {
		return this.beanName;
	}

	/**
	 * Return the function type, with its placeholders resolved.
	 * @return the function type that was found
	 */
	public String typename() {
		return this.typename;
	}

}
