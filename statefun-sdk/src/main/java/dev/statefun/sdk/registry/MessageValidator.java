package dev.statefun.sdk.registry;

import dev.statefun.sdk.failure.InvalidMessageException;

/**
 * Validates the messages of handlers whose message parameter is annotated with
 * {@code jakarta.validation.Valid}. Must be thread-safe.
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
