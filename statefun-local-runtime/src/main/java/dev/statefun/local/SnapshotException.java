package dev.statefun.local;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a snapshot can't be used because its bytes are damaged or of another kind.
 * Nothing of it was restored.
 *
 * @since 0.1.0
 */
public final class SnapshotException extends LocalRuntimeException {

	SnapshotException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
