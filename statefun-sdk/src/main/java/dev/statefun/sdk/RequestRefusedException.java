package dev.statefun.sdk;

import org.jspecify.annotations.Nullable;

/**
 * A request was refused before any handler ran: its bytes are no request, it is for a
 * function that is not served here, or a 2.x cluster did not send a state that the
 * function declares. Nothing was applied; the cluster will send the request again.
 *
 * @since 0.1.0
 */
public final class RequestRefusedException extends RuntimeException {

	RequestRefusedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
