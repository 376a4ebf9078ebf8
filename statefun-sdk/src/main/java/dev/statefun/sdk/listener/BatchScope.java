package dev.statefun.sdk.listener;

import dev.statefun.sdk.Context;

/**
 * Follows one batch. Must be fast and not throw.
 *
 * @since 0.1.0
 */
public interface BatchScope {

	/**
	 * This thread is about to run handlers of the batch, or interceptors around them: the
	 * thread of the request; others that complete a stage which a handler had returned,
	 * or that an interceptor has moved to, also before the first has left.
	 * @return what is told about it on this thread
	 */
	ThreadScope enter();

	/**
	 * The batch has ended. A thread may still be inside if the batch was given up.
	 * @param report what became of it
	 */
	void end(BatchReport report);

	/**
	 * Follows what a thread does for a batch. Called on that thread alone.
	 */
	interface ThreadScope {

		/**
		 * A message comes next.
		 * @param context its context
		 */
		void invoking(Context context);

		/**
		 * The thread does something else now.
		 */
		void leave();

	}

}
