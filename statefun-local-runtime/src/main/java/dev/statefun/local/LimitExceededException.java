package dev.statefun.local;

/**
 * Thrown when functions exceed a limit of the local runtime where a cluster would go on
 * forever, or when too many messages are waiting.
 *
 * @since 0.1.0
 */
public final class LimitExceededException extends LocalRuntimeException {

	LimitExceededException(String message) {
		super(message, null);
	}

}
