package dev.statefun.netty;

import java.time.Duration;

import dev.statefun.sdk.FunctionType;

/**
 * Listener for functions that block an event loop. Called by one thread at a time; must
 * be fast.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface BlockListener {

	/** Does nothing. */
	BlockListener NONE = (function, time, neighbors) -> {
	};

	/**
	 * Called once for each batch that blocks, while it still runs.
	 * @param function the function
	 * @param time time for which the batch has been running
	 * @param neighbors number of other connections of the loop, whose requests wait
	 */
	void blocked(FunctionType function, Duration time, int neighbors);

}
