package dev.statefun.local;

import java.time.Duration;

import dev.statefun.sdk.Address;

/**
 * Is told what happens in a local runtime, on its threads, and one call at a time. A
 * listener must be quick, and must not call the runtime. What it throws does not stop the
 * runtime: with a manual clock, {@link LocalRuntime#runUntilIdle()} throws it, otherwise
 * it is logged.
 *
 * @since 0.1.0
 */
public interface LocalRuntimeListener {

	/**
	 * A reply was applied.
	 * @param effects what it did
	 */
	default void replied(Effects effects) {
	}

	/**
	 * A request failed and will be sent again.
	 * @param self address of the function instance it was for
	 * @param failure what happened
	 * @param retryIn when it is sent again
	 */
	default void requestFailed(Address self, RequestFailedException failure, Duration retryIn) {
	}

	/**
	 * A cluster's job would have failed. The request will be sent again, as a job that
	 * restarts does.
	 * @param self address of the function instance that failed it
	 * @param failure what happened
	 * @param restartIn when it is sent again
	 */
	default void jobFailed(Address self, LocalRuntimeException failure, Duration restartIn) {
	}

}
