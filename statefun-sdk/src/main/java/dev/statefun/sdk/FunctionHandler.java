package dev.statefun.sdk;

import java.util.List;

import com.google.protobuf.Any;

/**
 * A function in its untyped form: it takes every message as it comes. Must be
 * thread-safe, as it serves many function instances at once.
 * <p>
 * It is done when it returns: a stage that a lambda happens to return is not waited for.
 * What goes on later needs a {@link Handler @Handler} method that returns the stage.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface FunctionHandler {

	/**
	 * Handle a message.
	 * @param context the invocation
	 * @param message the message, whose type URL is the {@code typename} of a 3.x cluster
	 * @throws Exception if the message can't be handled: the batch fails, and the cluster
	 * sends it again
	 */
	void handle(Context context, Any message) throws Exception;

	/**
	 * Declare the function's states.
	 * @return the states; none by default
	 */
	default List<ValueSpec<?>> states() {
		return List.of();
	}

}
