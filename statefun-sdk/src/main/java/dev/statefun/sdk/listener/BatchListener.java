package dev.statefun.sdk.listener;

import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;

/**
 * Listener for completed batches and failed messages. Called on the thread that ends the
 * batch. Must be fast, thread-safe, and not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchListener {

	/**
	 * Called when a batch has ended.
	 * @param report the report, valid only during the call
	 */
	void batchEnded(BatchReport report);

	/**
	 * Called for each message that failed, before its batch ends; not if the policy fails
	 * as well, or the batch is late while it waits for a stage.
	 * @param failed the message, and why it failed
	 * @param action the decision about it. The record of a dead letter has not been sent
	 * yet; if that fails, the batch does
	 */
	default void invocationFailed(FailedInvocation failed, FailureAction action) {
	}

}
