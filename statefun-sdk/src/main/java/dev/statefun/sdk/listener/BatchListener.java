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
	 * Called for each message that failed, before its batch ends.
	 * @param failed the message, and why it failed
	 * @param action how the message is handled
	 */
	default void invocationFailed(FailedInvocation failed, FailureAction action) {
	}

}
