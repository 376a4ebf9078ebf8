package dev.statefun.sdk.handler;

/**
 * Internal: may change in any release. Restores the interrupt flag of a thread after it
 * ran handlers, interceptors, policies or listeners. An interruption that these leave
 * behind must not reach what the thread reads or writes next.
 *
 * @since 0.1.0
 */
public final class InterruptFlag {

	private InterruptFlag() {
	}

	/**
	 * Return the flag of the current thread, to be given to {@link #restore}.
	 * @return whether it is set
	 */
	public static boolean isSet() {
		return Thread.currentThread().isInterrupted();
	}

	/**
	 * Set or clear the flag of the current thread, so that it is as it was.
	 * @param before whether it was set
	 * @return whether it had changed
	 */
	public static boolean restore(boolean before) {
		if (Thread.currentThread().isInterrupted() == before) {
			return false;
		}
		if (before) {
			Thread.currentThread().interrupt();
		}
		else {
			Thread.interrupted();
		}
		return true;
	}

}
