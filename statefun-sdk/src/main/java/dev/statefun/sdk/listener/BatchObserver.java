package dev.statefun.sdk.listener;

import dev.statefun.sdk.Address;

/**
 * Follows the batches that are handed to functions. Must be fast, thread-safe, and not
 * throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BatchObserver {

	/**
	 * Follow a batch: its request was read, the function is served here and has all its
	 * states. Called on the thread of the request.
	 * @param self the function instance it is for
	 * @return what follows this batch
	 */
	BatchScope follow(Address self);

}
