package dev.statefun.local.playground;

/**
 * A request that is answered with what is wrong about it.
 */
final class RefusedRequestException extends Exception {

	final int status;

	RefusedRequestException(int status, String message) {
		super(message, null, false, false);
		this.status = status;
	}

}
