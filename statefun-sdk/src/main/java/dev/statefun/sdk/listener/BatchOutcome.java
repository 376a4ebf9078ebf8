package dev.statefun.sdk.listener;

/**
 * Outcome of a batch.
 *
 * @since 0.1.0
 */
public enum BatchOutcome {

	/** All messages were handled, and the reply carries their effects. */
	REPLIED,

	/** A 3.x cluster was asked for states that it did not send; no handler ran. */
	MISSING_STATE,

	/** A message failed: nothing was applied, and the cluster sends the batch again. */
	RETRIED,

	/** The request was refused before any handler ran. */
	REFUSED

}
