package dev.statefun.endpoint;

/**
 * Thrown if a request is not one of a cluster, or is too large.
 *
 * @since 0.1.0
 */
public final class UnexpectedRequestException extends RuntimeException {

	UnexpectedRequestException(String message) {
		super(message);
	}

}
