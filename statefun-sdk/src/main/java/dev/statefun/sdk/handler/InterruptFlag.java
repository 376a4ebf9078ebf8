package dev.statefun.sdk.handler;

/**
 * Internal: may change in any release. Restores the interrupt flag of a thread after it
 * ran handlers, interceptors, policies or listeners. An interruption left behind by these
 * must not affect the thread's next reads and writes.
 *
 * @since 0.1.0
 */
public final class InterruptFlag {

	private InterruptFlag() {
	}

	/**
	 * Return the flag of the current thread, to be passed to {@link #restore}.
	 * @return whether it is set
	 */
	public static boolean isSet() {
		return Thread.currentThread().isInterrupted();
	}

	/**
	 * Set or clear the flag of the current thread.
	 * @param before value to restore
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
