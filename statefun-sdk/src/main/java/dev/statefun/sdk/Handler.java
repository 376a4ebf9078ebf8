package dev.statefun.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that handles the messages of one type.
 * <p>
 * Its parameters are, in any order, the message, a {@link Context} if it wants one, and
 * any number of {@link Persisted @Persisted} states. The type of the message decides
 * which messages it gets; {@link com.google.protobuf.Any} takes all that no other handler
 * takes. A message of a type that no handler takes fails the batch.
 * <p>
 * It returns {@code void}, a {@link java.util.concurrent.CompletionStage}, or a value. A
 * value that is not {@code null}, or that a stage completes with, is sent to the caller
 * as a reply, which fails the invocation if there is no caller; an empty
 * {@link java.util.Optional} replies nothing. The next message of the batch is handled
 * when the stage has completed.
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Handler {

}
