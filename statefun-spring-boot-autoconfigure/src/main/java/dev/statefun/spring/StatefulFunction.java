package dev.statefun.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Makes a bean a stateful function: a class with
 * {@link dev.statefun.sdk.Handler @Handler} methods or a
 * {@link dev.statefun.sdk.FunctionHandler}, found by component scanning like any
 * {@link Component @Component}; or such an object that a {@code @Bean} method returns.
 * <p>
 * One bean serves all instances of its function, many at once: it keeps what belongs to
 * an instance in {@link dev.statefun.sdk.Persisted @Persisted} states, never in fields.
 *
 * <pre class="code">
 * &#64;StatefulFunction("example/hello")
 * class Hello {
 *
 * 	&#64;Handler
 * 	void greet(User user, Context context) { … }
 *
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Component
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
public @interface StatefulFunction {

	/**
	 * Function type, in the form {@code <namespace>/<name>}; alias for {@link #type}.
	 * @return the function type
	 */
	@AliasFor("type")
	String value() default "";

	/**
	 * Function type, in the form {@code <namespace>/<name>}. Placeholders are resolved.
	 * @return the function type
	 */
	@AliasFor("value")
	String type() default "";

	/**
	 * Name of the bean, when it is found by component scanning.
	 * @return the bean's name, or empty for the usual one
	 */
	@AliasFor(annotation = Component.class, attribute = "value")
	String beanName() default "";

	/**
	 * Reaction to messages that this function failed to handle.
	 * {@code statefun.functions} and decisions for single exceptions take precedence.
	 * @return the reaction
	 */
	OnFailure onFailure() default OnFailure.AS_CONFIGURED;

}
