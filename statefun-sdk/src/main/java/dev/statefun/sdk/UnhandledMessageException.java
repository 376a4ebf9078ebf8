package dev.statefun.sdk;

import java.util.Collection;

/**
 * A message is of a type that the function has no handler for.
 *
 * @since 0.1.0
 */
public final class UnhandledMessageException extends RuntimeException {

	UnhandledMessageException(FunctionType function, String typename, Collection<String> expected) {
		super("Function '" + function + "' takes no message of type '" + typename + "'; expected one of " + expected
				+ ". Add a @Handler method for the type, or one for google.protobuf.Any that takes everything else");
	}

}
