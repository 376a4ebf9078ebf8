package dev.statefun.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Passes a header of the message to a {@link Handler @Handler} method. The parameter is a
 * {@code String}, read as UTF-8, a {@code byte[]}, a
 * {@link com.google.protobuf.ByteString}, or an {@link java.util.Optional} of one of
 * them. A message without the header is not valid and fails, unless the parameter is an
 * {@code Optional}, has an annotation of the name {@code Nullable} that is visible at run
 * time, or {@link #required()} is {@code false}, as Kotlin's nullable types need it;
 * without an {@code Optional}, the handler then receives {@code null}.
 * <p>
 * A parameter of the type {@link Headers} needs no annotation and receives all headers.
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Header {

	/**
	 * Key of the header.
	 * @return the key, in the same upper and lower case as it is sent
	 */
	String value();

	/**
	 * Whether a message without the header fails.
	 * @return whether the header is required
	 */
	boolean required() default true;

}
