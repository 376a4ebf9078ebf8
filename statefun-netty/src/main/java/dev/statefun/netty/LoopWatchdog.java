package dev.statefun.netty;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Watches batches on event loops, and reports each that blocks its loop, while it does.
 * Has one thread, which checks a few hundred times a second while there are batches on
 * event loops, and otherwise sleeps until there is one.
 * <p>
 * Thread-safe.
 */
final class LoopWatchdog implements AutoCloseable {

	static final String THREAD = "statefun-watchdog";

	/** Time on an event loop after which a batch blocks it. */
	static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

	/** Time without batches before the thread sleeps: waking it costs the loop more. */
	private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long NO_CHECK = Long.MAX_VALUE;

	private static final Log logger = LogFactory.getLog(LoopWatchdog.class);

	private final Report report;

	private final LongSupplier nanoTime;

	private final ThreadProbe probe;

	private final ThreadFactory threads;

	private final Map<EventLoop, WatchedLoop> loops = new ConcurrentHashMap<>();

	/** Whether a batch has begun since the last check. */
	private volatile boolean active;

	/** Whether the thread needs to be woken. */
	private volatile boolean asleep;

	private volatile boolean closed;

	private volatile @Nullable Thread thread;

	/** Time of the last check that found a batch. For the watchdog's thread alone. */
	private long lastActive;

	/**
	 * Create a watchdog, without a thread yet.
	 * @param report receives batches that block
	 * @param nanoTime the time
	 */
	LoopWatchdog(Report report, LongSupplier nanoTime) {
		this(report, nanoTime, ThreadProbe.ofJvm(), (watch) -> new Thread(watch, THREAD));
	}

	LoopWatchdog(Report report, LongSupplier nanoTime, ThreadProbe probe, ThreadFactory threads) {
		this.report = report;
		this.nanoTime = nanoTime;
		this.probe = probe;
		this.threads = threads;
	}

	/**
	 * Return the watched state of an event loop.
	 * @param loop the event loop
	 * @return the state, for the loop's thread
	 */
	WatchedLoop watched(EventLoop loop) {
		WatchedLoop known = this.loops.get(loop);
		return (known != null) ? known : this.loops.computeIfAbsent(loop, (key) -> new WatchedLoop());
	}

	/**
	 * Called when a batch begins on an event loop.
	 * @param loop the event loop, which runs no other batch
	 * @param batch the batch
	 */
	void begin(WatchedLoop loop, LoopBatch batch) {
		loop.current = batch;
		if (!this.active) {
			this.active = true;
			wake();
		}
	}

	private void wake() {
		Thread watching = this.thread;
		if (watching == null) {
			start();
		}
		else if (this.asleep) {
			LockSupport.unpark(watching);
		}
	}

	private synchronized void start() {
		if (this.thread == null && !this.closed) {
			Thread created = this.threads.newThread(this::watch);
			created.setDaemon(true);
			created.start();
			this.thread = created;
		}
	}

	private void watch() {
		this.lastActive = this.nanoTime.getAsLong();
		while (!this.closed) {
			long now = this.nanoTime.getAsLong();
			long next = check(now);
			if (next == NO_CHECK) {
				sleep();
			}
			else {
				LockSupport.parkNanos(this, next - now);
			}
		}
	}

	// A batch that begins sees that the thread is asleep, or the thread sees the batch
	private void sleep() {
		this.asleep = true;
		if (!this.active && !this.closed) {
			LockSupport.park(this);
		}
		this.asleep = false;
		this.lastActive = this.nanoTime.getAsLong();
	}

	/**
	 * Check the batches that run.
	 * @param now the time
	 * @return time of the next check, or {@code Long.MAX_VALUE} if none is needed before
	 * the next batch begins
	 */
	long check(long now) {
		boolean found = this.active;
		if (found) {
			// Otherwise one that begins just now must not be overlooked
			this.active = false;
		}
		long next = now + LIMIT_NANOS;
		for (WatchedLoop loop : this.loops.values()) {
			LoopBatch batch = loop.current;
			if (batch == null) {
				continue;
			}
			found = true;
			long end = batch.since() + LIMIT_NANOS;
			if (end - now > 0) {
				next = Math.min(next, end);
			}
			else if (batch.blocks(now, this.probe) && loop.current == batch) {
				report(batch, now);
			}
		}
		if (found) {
			this.lastActive = now;
		}
		return (now - this.lastActive < LINGER_NANOS) ? next : NO_CHECK;
	}

	private void report(LoopBatch batch, long now) {
		try {
			this.report.blocked(batch, now);
		}
		catch (Throwable ex) {
			logger.error("A function that blocks an event loop can't be reported", ex);
		}
	}

	/**
	 * End the thread.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Event loop that is watched.
	 */
	static final class WatchedLoop {

		private volatile @Nullable LoopBatch current;

		/**
		 * Return whether a batch runs on the loop.
		 * @return whether it runs
		 */
		boolean isBusy() {
			return this.current != null;
		}

		/**
		 * Called when the batch on the loop has ended.
		 */
		void end() {
			this.current = null;
		}

	}

	/**
	 * Receives batches that block.
	 */
	@FunctionalInterface
	interface Report {

		/**
		 * Called once for each batch, while it still runs.
		 * @param batch the batch
		 * @param now the time
		 */
		void blocked(LoopBatch batch, long now);

	}

}
