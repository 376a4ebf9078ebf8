package dev.statefun.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a state of the function and passes it to a {@link Handler @Handler} method, as
 * a parameter of type {@link PersistedValue}, or as a component of a record whose
 * components are all {@link PersistedValue}:
 *
 * <pre class="code">
 * record CartState(&#64;Persisted(expireAfterCall = "30d") PersistedValue&lt;Items&gt; items,
 * 		PersistedValue&lt;Integer&gt; visits) {
 * }
 * </pre>
 *
 * Such a record may be a parameter of any number of handlers, which declares its states.
 * A component needs the annotation only for a name other than its own, a time to live or
 * a type name. Several parameters and records of a function may declare the same state,
 * with the same attributes.
 *
 * @since 0.1.0
 */
@Documented
@Target({ ElementType.PARAMETER, ElementType.RECORD_COMPONENT })
@Retention(RetentionPolicy.RUNTIME)
public @interface Persisted {

	/**
	 * Name of the state. For 2.x clusters, {@code module.yaml} has to list it too.
	 * @return the name; neither blank, nor {@code batch} or {@code request-state}. Empty
	 * for the name of the record's component; required on a parameter
	 */
	String value() default "";

	/**
	 * Time to live after the state was last written: a number with a unit ({@code ms},
	 * {@code s}, {@code m}, {@code h} or {@code d}), or an ISO-8601 duration. For 3.x
	 * clusters only; 2.x clusters read it from {@code module.yaml}.
	 * @return the time to live, or empty for none
	 */
	String expireAfterWrite() default "";

	/**
	 * Time to live after the function was last called, in the form of
	 * {@link #expireAfterWrite()}; only one of the two can be set.
	 * @return the time to live, or empty for none
	 */
	String expireAfterCall() default "";

	/**
	 * Name of the state's type on the wire, to take over a state written by another SDK.
	 * @return the type name in the form {@code <namespace>/<name>}, or empty for that of
	 * the value's mapping
	 */
	String type() default "";

}
