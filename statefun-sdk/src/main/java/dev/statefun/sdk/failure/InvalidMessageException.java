package dev.statefun.sdk.failure;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a message is of the right type, but not valid.
 *
 * @since 0.1.0
 */
public final class InvalidMessageException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message which part of the message is not valid
	 * @param cause the cause, or {@code null}
	 */
	public InvalidMessageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
