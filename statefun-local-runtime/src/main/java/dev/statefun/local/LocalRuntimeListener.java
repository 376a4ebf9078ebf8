package dev.statefun.local;

import java.time.Duration;

import dev.statefun.sdk.Address;

/**
 * Listener for replies and failures in a local runtime. Called on its threads, one call
 * at a time. A listener must be quick, and must not call the runtime. An exception does
 * not stop the runtime: with a manual clock, {@link LocalRuntime#runUntilIdle()} throws
 * it, otherwise it is logged.
 *
 * @since 0.1.0
 * @see MessageFlowListener
 */
public interface LocalRuntimeListener {

	/**
	 * Called when a reply was applied.
	 * @param effects its effects
	 */
	default void replied(Effects effects) {
	}

	/**
	 * Called when a request failed and will be retried.
	 * @param self address of the function instance that the request was for
	 * @param failure the failure
	 * @param retryIn time until it is sent again
	 */
	default void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
	}

	/**
	 * Called where a cluster's job would have failed. The request will be sent again, as
	 * by a job that restarts.
	 * @param self address of the function instance that caused it
	 * @param failure the failure
	 * @param restartIn time until the request is sent again
	 */
	default void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
	}

}
