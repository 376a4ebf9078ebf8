package dev.statefun.sdk.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Enforces the time limits of batches: interrupts the threads of batches that are late,
 * and fails their pending replies. One daemon thread looks every {@value #PERIOD_MILLIS}
 * ms, so a batch may be late by that much.
 * <p>
 * Thread-safe. One object is enough for an application, which closes it at its end.
 *
 * @since 0.1.0
 * @see RequestReplyHandler.Builder#deadlines(Deadlines)
 */
public final class Deadlines implements AutoCloseable {

	private static final long PERIOD_MILLIS = 50;

	private final Set<Deadline> deadlines = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private final Thread thread = new Thread(this::look, "statefun-deadlines");

	/**
	 * Create deadlines and start their thread.
	 */
	public Deadlines() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	void add(Deadline deadline) {
		this.deadlines.add(deadline);
	}

	void remove(Deadline deadline) {
		this.deadlines.remove(deadline);
	}

	private void look() {
		try {
			while (!this.closed) {
				TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
				this.deadlines.forEach(this::check);
				// What a listener of a late batch has left behind must not end the watch
				Thread.interrupted();
			}
		}
		catch (InterruptedException ex) {
			// Closed
		}
	}

	// A failure to end one batch must not end the watch over all others
	private void check(Deadline deadline) {
		try {
			deadline.check();
		}
		catch (Throwable ex) {
			this.thread.getUncaughtExceptionHandler().uncaughtException(this.thread, ex);
		}
	}

	/**
	 * Stop the thread; limits are no longer enforced.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.thread.interrupt();
	}

	/**
	 * A time limit that may be over.
	 */
	interface Deadline {

		// Ends what is late
		void check();

	}

}
