package dev.statefun.endpoint.traffic;

import java.time.Duration;

/**
 * Listener for requests that are queued or rejected before they are handled. Must be fast
 * and thread-safe, and must not throw exceptions.
 *
 * @since 0.1.0
 */
public interface TrafficListener {

	/** Does nothing. */
	TrafficListener NONE = new TrafficListener() {

		@Override
		public void rejected(Rejection reason) {
		}

		@Override
		public void waited(Duration time) {
		}

	};

	/**
	 * Called when a request was rejected.
	 * @param reason reason of the rejection
	 */
	void rejected(Rejection reason);

	/**
	 * Called when a request has waited for room, whether it was then admitted or not.
	 * @param time time that it has waited
	 */
	void waited(Duration time);

}
