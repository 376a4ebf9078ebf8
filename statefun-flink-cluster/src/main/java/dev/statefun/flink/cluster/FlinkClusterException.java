package dev.statefun.flink.cluster;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a cluster can't do what it was asked for.
 *
 * @since 0.1.0
 */
public final class FlinkClusterException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what was found, what was expected and what to do
	 */
	public FlinkClusterException(String message) {
		super(message);
	}

	/**
	 * Create an exception with a cause.
	 * @param message what was found, what was expected and what to do
	 * @param cause the cause
	 */
	public FlinkClusterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
