package dev.statefun.sdk.registry;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;

/**
 * Describes an object that serves as a function, which is a {@link FunctionHandler} or
 * has {@link Handler @Handler} methods. The class with the annotations may differ from
 * the object that is called, which may be a proxy. Immutable.
 *
 * @since 0.1.0
 */
public final class FunctionSource {

	private final String origin;

	private final Class<?> handlerClass;

	private final Supplier<?> instance;

	private final UnaryOperator<Method> callableMethod;

	private final UnaryOperator<String> textResolver;

	private FunctionSource(String origin, Class<?> handlerClass, Supplier<?> instance,
			UnaryOperator<Method> callableMethod, UnaryOperator<String> textResolver) {
		this.origin = origin;
		this.handlerClass = handlerClass;
		this.instance = instance;
		this.callableMethod = callableMethod;
		this.textResolver = textResolver;
	}

	/**
	 * Describe an object that is called directly.
	 * @param instance the object; must be thread-safe
	 * @return its description
	 */
	public static FunctionSource of(Object instance) {
		Objects.requireNonNull(instance, "'instance' must not be null");
		return of(instance.getClass(), () -> instance).origin("class '" + instance.getClass().getName() + "'");
	}

	/**
	 * Describe an object that is looked up for every message.
	 * @param handlerClass the class with the annotations
	 * @param instance supplies the object to call
	 * @return its description
	 */
	public static FunctionSource of(Class<?> handlerClass, Supplier<?> instance) {
		Objects.requireNonNull(handlerClass, "'handlerClass' must not be null");
		Objects.requireNonNull(instance, "'instance' must not be null");
		return new FunctionSource("class '" + handlerClass.getName() + "'", handlerClass, instance,
				UnaryOperator.identity(), UnaryOperator.identity());
	}

	/**
	 * Return a description with another origin for error messages.
	 * @param origin the declaration of the function, such as {@code bean 'counter'}
	 * @return the description
	 */
	public FunctionSource origin(String origin) {
		Objects.requireNonNull(origin, "'origin' must not be null");
		return new FunctionSource(origin, this.handlerClass, this.instance, this.callableMethod, this.textResolver);
	}

	/**
	 * Return a description with another way to call the methods.
	 * @param callableMethod returns the method to call on the object for an annotated
	 * method of the class; throws an {@link UncallableMethodException} if there is none
	 * @return the description
	 */
	public FunctionSource callableMethod(UnaryOperator<Method> callableMethod) {
		Objects.requireNonNull(callableMethod, "'callableMethod' must not be null");
		return new FunctionSource(this.origin, this.handlerClass, this.instance, callableMethod, this.textResolver);
	}

	/**
	 * Return a description with a resolver for the texts of the annotations.
	 * @param textResolver replaces placeholders
	 * @return the description
	 */
	public FunctionSource textResolver(UnaryOperator<String> textResolver) {
		Objects.requireNonNull(textResolver, "'textResolver' must not be null");
		return new FunctionSource(this.origin, this.handlerClass, this.instance, this.callableMethod, textResolver);
	}

	String origin() {
		return this.origin;
	}

	Class<?> handlerClass() {
		return this.handlerClass;
	}

	Supplier<?> instance() {
		return this.instance;
	}

	Method callable(Method method) {
		return this.callableMethod.apply(method);
	}

	String resolve(String text) {
		return this.textResolver.apply(text);
	}

}
