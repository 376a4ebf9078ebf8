package dev.statefun.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.beans.factory.annotation.Qualifier;

/**
 * Names the {@link dev.statefun.sdk.egress.Egress} to inject into a field or a parameter:
 *
 * <pre class="code">
 * CheckOut(&#064;EgressName("orders") Egress&lt;Order&gt; orders)
 * </pre>
 *
 * The properties {@code statefun.egresses.orders.*} have its destination, or a
 * {@link StatefulFunctionsCustomizer} sets it. An unknown name, and a type whose values
 * can't be written, stop the start-up. A bean of the type {@code Egress} is only injected
 * here if it has this name as its qualifier.
 *
 * @since 0.1.0
 */
@Documented
@Target({ ElementType.FIELD, ElementType.PARAMETER })
@Retention(RetentionPolicy.RUNTIME)
@Qualifier
public @interface EgressName {

	/**
	 * Name of the egress; placeholders are resolved.
	 * @return the name
	 */
	String value();

}
