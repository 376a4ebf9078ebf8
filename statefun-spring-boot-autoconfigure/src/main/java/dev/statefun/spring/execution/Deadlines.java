package dev.statefun.spring.execution;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends what takes too long: a thread is interrupted, a pending result is given up. One
 * thread looks after all of them, every {@value #PERIOD_MILLIS} ms, so a deadline may
 * pass by that much.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Deadlines implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Deadlines.class);

	private static final long PERIOD_MILLIS = 50;

	private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

	private final Thread thread = new Thread(this::look, "statefun-deadlines");

	/**
	 * Create deadlines, and start their thread.
	 */
	public Deadlines() {
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Watch the current thread.
	 * @param timeout how long it may take
	 * @return the watch, to be ended by the same thread or detached from it
	 */
	public Watch watch(Duration timeout) {
		Watch watch = new Watch(System.nanoTime() + timeout.toNanos());
		this.watches.add(watch);
		return watch;
	}

	private void look() {
		try {
			while (true) {
				TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
				long now = System.nanoTime();
				for (Watch watch : this.watches) {
					if (now - watch.deadline >= 0) {
						watch.expire();
					}
				}
			}
		}
		catch (InterruptedException ex) {
			// Closed
		}
	}

	// What one batch does about its time must not be the end of all others'
	private static void run(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logger.error("A function that took too long could not be given up", ex);
		}
	}

	@Override
	public void close() {
		this.thread.interrupt();
	}

	/**
	 * One thing that may take too long.
	 */
	public final class Watch {

		private final ReentrantLock lock = new ReentrantLock();

		private final long deadline;

		private @Nullable Thread watched = Thread.currentThread();

		private @Nullable Runnable onExpiry;

		private boolean expired;

		private Watch(long deadline) {
			this.deadline = deadline;
		}

		/**
		 * End the watch. If it has interrupted the current thread, that is undone.
		 * @return whether it had taken too long
		 */
		public boolean end() {
			Deadlines.this.watches.remove(this);
			this.lock.lock();
			try {
				if (this.expired && this.watched == Thread.currentThread()) {
					Thread.interrupted();
				}
				this.watched = null;
				this.onExpiry = null;
				return this.expired;
			}
			finally {
				this.lock.unlock();
			}
		}

		/**
		 * Leave the thread: it goes on to something else, while a result is still
		 * pending.
		 * @param onExpiry what to do when that takes too long; done at once if it has
		 */
		public void detach(Runnable onExpiry) {
			this.lock.lock();
			try {
				this.watched = null;
				this.onExpiry = onExpiry;
				if (!this.expired) {
					return;
				}
				Thread.interrupted();
			}
			finally {
				this.lock.unlock();
			}
			onExpiry.run();
		}

		private void expire() {
			Runnable action;
			this.lock.lock();
			try {
				if (this.expired) {
					return;
				}
				this.expired = true;
				action = this.onExpiry;
				if (this.watched != null) {
					this.watched.interrupt();
				}
			}
			finally {
				this.lock.unlock();
			}
			Deadlines.this.watches.remove(this);
			if (action != null) {
				run(action);
			}
		}

	}

}
