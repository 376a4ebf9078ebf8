package dev.statefun.spring;

/**
 * What can be decided by configuration about a message that failed. Skipping and dead
 * letters take back what the message itself did; the rest of its batch counts.
 *
 * @since 0.1.0
 */
public enum FailureDecision {

	/** Fail the whole batch: nothing of it is applied, and the cluster sends it again. */
	RETRY,

	/** Go on without the message. */
	SKIP,

	/** Go on without the message, and send a record about it to an egress. */
	DEAD_LETTER

}
