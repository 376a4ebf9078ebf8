package dev.statefun.local;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request to a function failed: the function threw, its service could not
 * be reached, or it did not reply in time. Nothing was applied; a cluster retries the
 * request until its budget is spent, and then fails the job (protocol.md §6.1).
 *
 * @since 0.1.0
 */
public final class RequestFailedException extends LocalRuntimeException {

	RequestFailedException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
