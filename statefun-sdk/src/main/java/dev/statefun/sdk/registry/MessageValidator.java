package dev.statefun.sdk.registry;

import dev.statefun.sdk.failure.InvalidMessageException;

/**
 * Says whether messages are valid, for handlers whose message parameter is marked with
 * {@code jakarta.validation.Valid}. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MessageValidator {

	/**
	 * Validate a message.
	 * @param message the message
	 * @throws InvalidMessageException if it is not valid
	 */
	void validate(Object message);

}
