package dev.statefun.sdk;

import org.jspecify.annotations.Nullable;

/**
 * A batch, or one invocation of it, took too long. Its batch fails whatever the
 * {@link FailurePolicy} says: the cluster will send it again.
 *
 * @since 0.1.0
 */
public final class BatchTimeoutException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what took too long
	 * @param cause the cause, or {@code null}
	 */
	public BatchTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
