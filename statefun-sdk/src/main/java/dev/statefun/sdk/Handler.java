package dev.statefun.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that handles the messages of one type.
 * <p>
 * Its parameters are, in any order, the message, optionally a {@link Context}, and any
 * number of states: {@link Persisted @Persisted} parameters, and records whose components
 * are all {@link PersistedValue}; and of {@link Header @Header} values. It receives the
 * messages of the type of its message parameter; a handler of
 * {@link com.google.protobuf.Any} receives all messages that have no other handler. The
 * handler of a sealed type that has no name of its own receives the messages of all its
 * permitted types. A message without a handler is a failed message, as one whose handler
 * throws: its batch fails, unless a {@code FailurePolicy} decides otherwise.
 * <p>
 * It returns {@code void}, a value, or a {@link java.util.concurrent.CompletionStage}. A
 * value that is not {@code null}, returned or completing the stage, is sent to the caller
 * as a reply, which fails the invocation if there is no caller. An empty
 * {@link java.util.Optional} sends no reply. The next message of the batch is handled
 * when the stage has completed.
 *
 * @since 0.1.0
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Handler {

}
