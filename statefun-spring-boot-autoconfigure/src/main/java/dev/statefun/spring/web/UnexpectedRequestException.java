package dev.statefun.spring.web;

/**
 * A request that no cluster sends, or that is larger than it may be.
 */
final class UnexpectedRequestException extends RuntimeException {

	UnexpectedRequestException(String message) {
		super(message);
	}

}
