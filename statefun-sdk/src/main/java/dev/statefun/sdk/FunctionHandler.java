package dev.statefun.sdk;

import java.util.List;

import com.google.protobuf.Any;

/**
 * A function that handles all messages in their untyped form. Must be thread-safe, as it
 * serves many function instances at once.
 * <p>
 * The invocation ends when {@link #handle} returns: it does not wait for a stage.
 * Asynchronous functions need a {@link Handler @Handler} method that returns the stage.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FunctionHandler {

	/**
	 * Handle a message.
	 * @param context the invocation
	 * @param message the message, whose type URL is the {@code typename} of a 3.x cluster
	 * @throws Exception if the message can't be handled; then the batch fails, and the
	 * cluster sends it again, unless a {@code FailurePolicy} decides otherwise
	 */
	void handle(Context context, Any message) throws Exception;

	/**
	 * Declare the function's states, such as {@code ValueSpec.allOf(CartState.class)}.
	 * @return the states; none by default
	 */
	default List<ValueSpec<?>> states() {
		return List.of();
	}

	/**
	 * Return whether the function has timers, which {@link Timers#of} returns.
	 * @return whether it has timers; {@code false} by default
	 */
	default boolean hasTimers() {
		return false;
	}

}
