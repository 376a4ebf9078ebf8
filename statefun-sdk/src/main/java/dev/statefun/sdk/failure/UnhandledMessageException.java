package dev.statefun.sdk.failure;

import java.util.Collection;

import dev.statefun.sdk.FunctionType;

/**
 * Thrown when a function has no handler for the type of a message.
 *
 * @since 0.1.0
 */
public final class UnhandledMessageException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param function type of the function
	 * @param typename type name of the message
	 * @param expected type names that the function has handlers for
	 */
	public UnhandledMessageException(FunctionType function, String typename, Collection<String> expected) {
		super("Function '" + function + "' takes no message of type '" + typename + "'; expected one of " + expected
				+ ". Add a @Handler method for the type, or one for google.protobuf.Any that takes everything else");
	}

}
