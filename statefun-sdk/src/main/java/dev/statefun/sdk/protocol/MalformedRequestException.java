package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Thrown when bytes are no valid request.
 *
 * @since 0.1.0
 */
public final class MalformedRequestException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what was found at which position, and what was expected
	 */
	public MalformedRequestException(String message) {
		super(message);
	}

}
