package dev.statefun.spring.traffic;

import java.time.Duration;

/**
 * Is told what befalls requests before they are handled. Must be fast, thread-safe, and
 * not throw.
 *
 * @since 0.1.0
 */
public interface TrafficListener {

	/** Takes no notice. */
	TrafficListener NONE = new TrafficListener() {

		@Override
		public void rejected(Rejection reason) {
		}

		@Override
		public void waited(Duration time) {
		}

	};

	/**
	 * A request was turned away.
	 * @param reason why
	 */
	void rejected(Rejection reason);

	/**
	 * A request has waited for room, whether it was let in then or not.
	 * @param time for how long
	 */
	void waited(Duration time);

}
