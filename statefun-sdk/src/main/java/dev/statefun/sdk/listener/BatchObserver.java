package dev.statefun.sdk.listener;

import dev.statefun.sdk.Address;

/**
 * Observes batches from before their first message to their end, for example to trace
 * them. Must be fast, thread-safe, and not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchObserver {

	/**
	 * Start to observe a batch. Called on the thread of the request, after the request
	 * was decoded, if the function is served here and has all its states.
	 * @param self address of the function instance
	 * @return the observer of this batch
	 */
	BatchScope follow(Address self);

}
