package dev.statefun.sdk.listener;

import dev.statefun.sdk.Context;

/**
 * Observes one batch. Must be fast and not throw.
 *
 * @since 0.1.0
 */
public interface BatchScope {

	/**
	 * Called when this thread is about to run handlers of the batch, or interceptors
	 * around them. That is the thread of the request, a thread that completes a stage
	 * which a handler returned, or a thread that an interceptor moved to, possibly before
	 * the first thread has left.
	 * @return the observer of this thread
	 */
	ThreadScope enter();

	/**
	 * Called when the batch has ended. If it was abandoned, a thread may still be inside.
	 * @param report the report, valid only during the call
	 */
	void end(BatchReport report);

	/**
	 * Observes one thread of a batch. Called on that thread only.
	 */
	interface ThreadScope {

		/**
		 * Called before a message is handled.
		 * @param context context of the message
		 */
		void invoking(Context context);

		/**
		 * Called when this thread leaves the batch.
		 */
		void leave();

	}

}
