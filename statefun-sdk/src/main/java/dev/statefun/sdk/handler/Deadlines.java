package dev.statefun.sdk.handler;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Enforces the time limits of batches: interrupts the threads of late batches and fails
 * their pending replies. A daemon thread checks the limits every {@value #PERIOD_MILLIS}
 * ms, so a batch may take that much longer.
 * <p>
 * Thread-safe. An application needs one object, which it closes when it stops.
 *
 * @since 0.1.0
 * @see RequestReplyHandler.Builder#deadlines(Deadlines)
 */
public final class Deadlines implements AutoCloseable {

	private static final long PERIOD_MILLIS = 50;

	private final Set<Deadline> deadlines = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	private final Thread thread = new Thread(this::watch, "statefun-deadlines");

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

	private void watch() {
		try {
			while (!this.closed) {
				TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
				this.deadlines.forEach(this::check);
				// An interruption left behind by a listener must not end the thread
				Thread.interrupted();
			}
		}
		catch (InterruptedException ex) {
			// Closed
		}
	}

	// A failure to end one batch must not affect the others
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
	 * A time limit to enforce.
	 */
	interface Deadline {

		// Ends the batch if it is late
		void check();

	}

}
