package dev.statefun.local.playground;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Headers;

/**
 * Receives the messages that are sent to a playground: a local runtime, or a cluster.
 * Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
public interface PlaygroundTarget {

	/**
	 * Return whether a function may receive messages.
	 * @param function type of the function
	 * @return whether there is such a function
	 */
	boolean serves(FunctionType function);

	/**
	 * Describe the functions, for a message that names an unknown one.
	 * @return their types
	 */
	String functions();

	/**
	 * Accept a message. It must not be lost once this returns.
	 * @param target address of the function
	 * @param message the message
	 * @param headers its headers
	 * @throws IllegalStateException if the message is not accepted; its text is the
	 * response, with the status 503
	 */
	void send(Address target, Any message, Headers headers);

}
