package dev.statefun.sdk.handler;

import dev.statefun.sdk.Address;

/**
 * Thrown when a batch fails because of one of its messages, a time limit, or a reply that
 * can't be written. Nothing was applied, and the cluster will send the batch again.
 *
 * @since 0.1.0
 */
public final class InvocationFailedException extends RuntimeException {

	private final transient Address self;

	/**
	 * Create an exception.
	 * @param self address of the function instance
	 * @param message which message failed, and why
	 * @param cause cause of the failure
	 */
	public InvocationFailedException(Address self, String message, Throwable cause) {
		super(message, cause);
		this.self = self;
	}

	/**
	 * Return the function instance that failed.
	 * @return its address
	 */
	public Address self() {
		return this.self;
	}

}
