package dev.statefun.local;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot can't be used: its bytes are damaged or of another kind. Nothing of it was
 * restored.
 *
 * @since 0.1.0
 */
public final class SnapshotException extends LocalRuntimeException {

	SnapshotException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
