package dev.statefun.sdk;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a message are not what its type says.
 *
 * @since 0.1.0
 */
public final class MessageDecodingException extends RuntimeException {

	MessageDecodingException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
