package dev.statefun.endpoint;

/**
 * Thrown if the thread of a request was interrupted while it waited.
 *
 * @since 0.1.0
 */
public final class InterruptedWaitException extends RuntimeException {

	/**
	 * Create an exception.
	 */
	public InterruptedWaitException() {
		super("The thread of a request was interrupted while it waited, as when the server stops; "
				+ "the cluster will send the request again");
	}

}
