package dev.statefun.spring.web;

/**
 * Thrown if the thread of a request was interrupted while it waited.
 */
final class InterruptedWaitException extends RuntimeException {

	InterruptedWaitException() {
		super("The thread of a request was interrupted while it waited, as when the server stops; "
				+ "the cluster will send the request again");
	}

}
