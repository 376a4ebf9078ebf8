package dev.statefun.sdk.failure;

import org.jspecify.annotations.Nullable;

/**
 * A message is of the right type, but not valid.
 *
 * @since 0.1.0
 */
public final class InvalidMessageException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what is not valid
	 * @param cause the cause, or {@code null}
	 */
	public InvalidMessageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
