package dev.statefun.spring;

/**
 * Reaction to failed messages, declared with
 * {@link StatefulFunction#onFailure() @StatefulFunction} or configured with properties.
 * Skipping and dead letters undo what the message itself did; the rest of its batch
 * counts.
 *
 * @since 0.1.0
 */
public enum OnFailure {

	/** As configured elsewhere, such as with {@code statefun.failure.policy}. */
	AS_CONFIGURED,

	/** Fail the whole batch: nothing of it is applied, and the cluster sends it again. */
	RETRY,

	/** Continue without the message. */
	SKIP,

	/** Continue without the message, and send a record about it to an egress. */
	DEAD_LETTER

}
