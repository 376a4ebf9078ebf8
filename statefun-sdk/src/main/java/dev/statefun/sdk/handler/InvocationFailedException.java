package dev.statefun.sdk.handler;

import java.util.OptionalInt;

import dev.statefun.sdk.Address;

/**
 * Thrown when a batch fails because of one of its messages, a time limit, or a reply that
 * can't be written. Nothing was applied, and the cluster will send the batch again.
 *
 * @since 0.1.0
 */
public final class InvocationFailedException extends RuntimeException {

	private final transient Address self;

	/** Position of the message that failed, or -1. */
	private final int invocation;

	/**
	 * Create an exception.
	 * @param self address of the function instance
	 * @param message which message failed, and why
	 * @param cause cause of the failure
	 */
	public InvocationFailedException(Address self, String message, Throwable cause) {
		this(self, message, cause, -1);
	}

	InvocationFailedException(Address self, String message, Throwable cause, int invocation) {
		super(message, cause);
		this.self = self;
		this.invocation = invocation;
	}

	/**
	 * Return the function instance that failed.
	 * @return its address
	 */
	public Address self() {
		return this.self;
	}

	/**
	 * Return which message of the batch failed.
	 * @return position of the message, starting at 0, or empty if the batch failed after
	 * its last message
	 */
	public OptionalInt invocation() {
		return (this.invocation >= 0) ? OptionalInt.of(this.invocation) : OptionalInt.empty();
	}

}
