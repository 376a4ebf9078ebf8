package dev.statefun.sdk.failure;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the bytes of a message are not a value of its type.
 *
 * @since 0.1.0
 */
public final class MessageDecodingException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message which message of which function can't be decoded
	 * @param cause exception of the codec, or {@code null}
	 */
	public MessageDecodingException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
