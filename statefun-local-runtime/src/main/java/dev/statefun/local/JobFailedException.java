package dev.statefun.local;

import org.jspecify.annotations.Nullable;

/**
 * Thrown where the job of a cluster would fail: Flink would restart it from its last
 * checkpoint, and it would fail again. Nothing of the reply was applied.
 *
 * @since 0.1.0
 */
public final class JobFailedException extends LocalRuntimeException {

	JobFailedException(String message, @Nullable Throwable cause) {
		super("The job of a cluster would fail: " + message, cause);
	}

	JobFailedException(String message) {
		this(message, null);
	}

}
