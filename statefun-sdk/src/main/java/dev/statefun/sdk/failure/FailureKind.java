package dev.statefun.sdk.failure;

/**
 * Kinds of failures of a message. Their order is that of the numbers in
 * {@code dead_letter.proto}.
 *
 * @since 0.1.0
 */
public enum FailureKind {

	/** Its handler, or an interceptor around it, failed. */
	HANDLER,

	/** The function has no handler for its type. */
	UNKNOWN_TYPE,

	/** Its bytes are not a value of its type. */
	UNDECODABLE,

	/** It is not valid: see {@code MessageValidator}. */
	INVALID,

	/**
	 * A state can't be read or replaced as declared: see
	 * {@link UnreadableStateException}. Further messages of the function instance fail in
	 * the same way.
	 */
	UNREADABLE_STATE

}
