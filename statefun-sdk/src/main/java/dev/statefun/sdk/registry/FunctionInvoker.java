package dev.statefun.sdk.registry;

import java.util.List;
import java.util.Map;

import dev.statefun.sdk.registry.FunctionDescriptor.HandlerDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Calls the handler of a function for a message.
 * Immutable.
 *
 * @since 0.1.0
 */
public interface FunctionInvoker {

	/**
	 * Call the handler of a message.
	 * @param message the message
	 * @return the handler's result: {@code null}, a value to reply, an {@code Optional}
	 * of one, or a {@code CompletionStage} of either
	 * @throws Throwable if the handler fails, or there is none for the message
	 */
	@Nullable Object invoke(IncomingMessage message) throws Throwable;

	/**
	 * Return whether the function takes messages of a type.
	 * @param typename name of the message type, or {@code *} for all types
	 * @return whether it has a handler for them
	 */
	boolean takes(String typename);

	/**
	 * Return the headers without which a message is not valid.
	 * @return the key of each, by the handler that requires it
	 */
	Map<String, String> requiredHeaders();

	/**
	 * Return the handlers of the function.
	 * @return their descriptions
	 */
	List<HandlerDescriptor> handlers();

	/**
	 * Return whether a result is Kotlin's {@code Unit}, which means no result.
	 * @param result result of a handler
	 * @return whether there is nothing to reply
	 */
	static boolean isUnit(Object result) {
		return HandlerTypes.UNIT.equals(result.getClass().getName());
	}

}
