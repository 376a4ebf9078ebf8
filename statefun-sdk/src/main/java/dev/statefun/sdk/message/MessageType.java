package dev.statefun.sdk.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the type name under which instances of a record or class are sent as messages
 * and kept as state. The {@link MessageCodecFactory} that supports the class decides on
 * the format; with the Spring Boot starter that is JSON.
 *
 * <pre class="code">
 * &#64;MessageType("shop/AddItem")
 * record AddItem(String sku, int quantity) {
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface MessageType {

	/**
	 * Type name in the form {@code <namespace>/<name>}. Two applications can only
	 * exchange messages if they use the exact same name (protocol.md §8).
	 * @return the type name
	 */
	String value();

	/**
	 * Further names under which a message may arrive or a state may be kept on a 2.x
	 * cluster, such as the names of earlier releases. Values are written under
	 * {@link #value()}.
	 * @return type names of the same form
	 */
	String[] aliases() default {};

}
