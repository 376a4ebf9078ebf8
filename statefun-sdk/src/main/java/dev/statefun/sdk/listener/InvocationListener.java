package dev.statefun.sdk.listener;

/**
 * Listener for the messages of one request, which reports which effects each message had,
 * for consoles and traces. Must be fast and not throw.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface InvocationListener {

	/**
	 * Called for each message when the reply to the request is ready, in the order of the
	 * messages, before the caller gets the reply. Not called for messages of timers that
	 * were replaced or cancelled, and not at all if there is no reply or it asks for
	 * missing states.
	 * @param report the report, valid only during the call
	 */
	void invocationEnded(InvocationReport report);

}
