package dev.statefun.spring.web;

/**
 * Thrown if a request is not one of a cluster, or is too large.
 */
final class UnexpectedRequestException extends RuntimeException {

	UnexpectedRequestException(String message) {
		super(message);
	}

}
