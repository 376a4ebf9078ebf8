package dev.statefun.sdk.listener;

import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;

/**
 * Is told about every batch, on the thread that ended it. Must be fast, thread-safe, and
 * not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchListener {

	/**
	 * A batch has ended.
	 * @param report what became of it
	 */
	void batchEnded(BatchReport report);

	/**
	 * A message has failed. Called before its batch ends, for each message that failed.
	 * @param failed the message, and why it failed
	 * @param action what becomes of it
	 */
	default void invocationFailed(FailedInvocation failed, FailureAction action) {
	}

}
