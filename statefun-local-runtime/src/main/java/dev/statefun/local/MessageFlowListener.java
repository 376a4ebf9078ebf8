package dev.statefun.local;

/**
 * Listener for the way of each message through a local runtime, for consoles and traces.
 * It also receives what a {@link LocalRuntimeListener} does, and is added like one; only
 * then does the runtime create these events.
 * <p>
 * Called by one thread at a time, also by threads that call the runtime. Events are in
 * the order in which they happened: a message is accepted before the request with it
 * starts, and what a reply sends is accepted before the request ends.
 *
 * @since 0.1.0
 */
public interface MessageFlowListener extends LocalRuntimeListener {

	/**
	 * Called when a message was accepted: sent from outside, or by a function. Not called
	 * for messages to functions that are served elsewhere.
	 * @param message the message
	 */
	default void accepted(AcceptedMessage message) {
	}

	/**
	 * Called when a delayed message or the message of a timer has become due, or was
	 * {@linkplain LocalRuntimeOperations#fire fired}, before its function gets it.
	 * @param message the message
	 */
	default void fired(FiredMessage message) {
	}

	/**
	 * Called when a delayed message or the message of a timer was cancelled.
	 * @param message the message
	 */
	default void cancelled(CancelledMessage message) {
	}

	/**
	 * Called when a request is about to be sent to a function instance.
	 * @param request the request
	 */
	default void started(StartedRequest request) {
	}

	/**
	 * Called when a request has ended: after its reply was applied, or when it failed.
	 * Not called for requests that are given up because the runtime is closed or
	 * restarted.
	 * @param request the request
	 */
	default void ended(EndedRequest request) {
	}

}
