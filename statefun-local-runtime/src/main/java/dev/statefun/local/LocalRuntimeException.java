package dev.statefun.local;

import org.jspecify.annotations.Nullable;

/**
 * Base class of failures in the local runtime or in a function that it called.
 *
 * @since 0.1.0
 */
public abstract sealed class LocalRuntimeException extends RuntimeException
		permits JobFailedException, RequestFailedException, LimitExceededException, SnapshotException {

	LocalRuntimeException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
