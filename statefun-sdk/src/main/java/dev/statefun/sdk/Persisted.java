package dev.statefun.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a state of the function, and hands it to a {@link Handler @Handler} method as
 * a parameter of type {@link PersistedValue}. Several handlers of a function may declare
 * the same state, in the same way.
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Persisted {

	/**
	 * Name of the state. For 2.x clusters, {@code module.yaml} has to list it too.
	 * @return the name; neither blank, nor {@code batch} or {@code request-state}
	 */
	String value();

	/**
	 * How long the state lives after it was last written: a number with a unit
	 * ({@code ms}, {@code s}, {@code m}, {@code h} or {@code d}), or an ISO-8601
	 * duration. Only for 3.x clusters; 2.x clusters read it from {@code module.yaml}.
	 * @return the time to live, or empty for none
	 */
	String expireAfterWrite() default "";

	/**
	 * How long the state lives after the function was last called, in the form of
	 * {@link #expireAfterWrite()}; only one of the two can be given.
	 * @return the time to live, or empty for none
	 */
	String expireAfterCall() default "";

	/**
	 * Name of the state's type on the wire, to take over a state that was written by
	 * another SDK.
	 * @return the type name in the form {@code <namespace>/<name>}, or empty for that of
	 * the value's mapping
	 */
	String type() default "";

}
