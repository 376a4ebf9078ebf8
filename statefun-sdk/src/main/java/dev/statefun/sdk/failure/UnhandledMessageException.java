package dev.statefun.sdk.failure;

import java.util.Collection;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.TimerFields;

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
				+ ". " + advice(typename));
	}

	private static String advice(String typename) {
		return typename.equals(TimerFields.MESSAGE_TYPENAME)
				? "A named timer has sent it, but the function declares no timers: keep a parameter of the type "
						+ "Timers until the last timer has fired"
				: "Add a @Handler method for the type, or one for google.protobuf.Any that takes everything else";
	}

}
