package dev.statefun.local;

/**
 * Thrown when a state can't be changed from outside now: it has another value than
 * expected, or its function instance is busy with messages. Nothing was changed.
 *
 * @since 0.1.0
 */
public final class StateConflictException extends IllegalStateException {

	StateConflictException(String message) {
		super(message);
	}

}
