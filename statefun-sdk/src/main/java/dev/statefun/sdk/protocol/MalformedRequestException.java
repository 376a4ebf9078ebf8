package dev.statefun.sdk.protocol;

/**
 * Internal: the bytes of a request are not what a cluster sends.
 *
 * @since 0.1.0
 */
public final class MalformedRequestException extends RuntimeException {

	/**
	 * Create an exception.
	 * @param message what was found, where, and what was expected
	 */
	public MalformedRequestException(String message) {
		super(message);
	}

}
