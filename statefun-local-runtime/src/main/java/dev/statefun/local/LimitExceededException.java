package dev.statefun.local;

/**
 * Functions kept the local runtime busy beyond one of its limits, where a cluster would
 * go on forever, or more messages wait than it takes.
 *
 * @since 0.1.0
 */
public final class LimitExceededException extends LocalRuntimeException {

	LimitExceededException(String message) {
		super(message, null);
	}

}
