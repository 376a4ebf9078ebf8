package dev.statefun.sdk.listener;

/**
 * Outcome of a message that was passed to a function.
 *
 * @since 0.1.0
 */
public enum InvocationOutcome {

	/** It was handled, and the reply carries its effects. */
	HANDLED,

	/** It failed, and the failure policy skipped it. */
	SKIPPED,

	/** It failed, and a dead letter was sent in place of its effects. */
	DEAD_LETTERED,

	/** It or another message of its batch failed: the cluster sends it again. */
	RETRIED

}
