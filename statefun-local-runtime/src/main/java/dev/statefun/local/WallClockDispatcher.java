package dev.statefun.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions as soon as they have messages, several at a time. Its clock may be
 * ahead of the wall clock.
 */
final class WallClockDispatcher extends Dispatcher {

	private static final long WATCH_MILLIS = 100;

	/** A sweep once a minute. */
	private static final int SWEEP_ROUNDS = 600;

	/** Signalled when a worker may find something to do. */
	private final Condition work = newCondition();

	/** Signalled when nothing is left to do, or never will be. */
	private final Condition idle = newCondition();

	private @Nullable Thread watchdog;

	private int waitingWorkers;

	/** Earliest time at which a waiting worker wakes up; an earlier timer wakes one. */
	private long sleepingUntil = Long.MAX_VALUE;

	private boolean paused = true;

	/** How much the clock is ahead, in milliseconds. */
	private long ahead;

	WallClockDispatcher(Settings settings, Cluster cluster, long ahead) {
		super(settings, cluster);
		this.ahead = settings.clockAhead() ? ahead : 0;
	}

	@Override
	void start() {
		runLocked(() -> {
			requireRunning();
			this.paused = false;
			if (this.watchdog == null) {
				for (int i = 0; i < settings().concurrency(); i++) {
					startWorker();
				}
				this.watchdog = startThread("statefun-local-watchdog", this::watch);
			}
			this.work.signalAll();
		});
	}

	@Override
	boolean pause(Duration atMost) {
		return locked(() -> {
			this.paused = true;
			long left = TimeUnit.NANOSECONDS.convert(atMost);
			try {
				while (hasRequestsInFlight() && left > 0) {
					left = this.idle.awaitNanos(left);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return !hasRequestsInFlight();
		});
	}

	private void startWorker() {
		startThread("statefun-local-runtime", this::work);
	}

	@Override
	long now() {
		return System.currentTimeMillis() + this.ahead;
	}

	@Override
	ClockKind clock() {
		return settings().clockAhead() ? ClockKind.AHEAD : ClockKind.REAL;
	}

	@Override
	long ahead() {
		return this.ahead;
	}

	@Override
	void advance(Duration duration) {
		if (!settings().clockAhead()) {
			throw new IllegalStateException(
					"This local runtime is on the wall clock; describe it with 'clockAhead()' or 'manualClock()'");
		}
		runLocked(() -> {
			requireRunning();
			this.ahead += requireAdvance(duration, now());
			this.work.signalAll();
		});
	}

	@Override
	void wake() {
		if (!canRun()) {
			this.work.signalAll();
			this.idle.signalAll();
		}
		else if (this.waitingWorkers > 0) {
			this.work.signal();
		}
	}

	@Override
	void requestFailed(RequestFailedException failure) {
		// Listeners are notified, and the request is retried anyway
	}

	@Override
	void close() {
		runLocked(() -> {
			super.close();
			if (this.watchdog != null) {
				this.watchdog.interrupt();
			}
		});
	}

	private void work() {
		try {
			Attempt attempt = locked(this::take);
			while (attempt != null && perform(attempt)) {
				attempt = locked(this::take);
			}
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	// Waits for the next request. Returns null when the runtime has ended
	private @Nullable Attempt take() {
		while (canRun()) {
			Attempt attempt = this.paused ? null : next();
			if (attempt != null) {
				if (cluster().isReady(now()) || cluster().nextDue() < this.sleepingUntil) {
					wake();
				}
				return attempt;
			}
			if (this.paused || !isBusy()) {
				this.idle.signalAll();
			}
			awaitWork();
		}
		return null;
	}

	private void awaitWork() {
		long due = cluster().nextDue();
		this.sleepingUntil = Math.min(this.sleepingUntil, due);
		this.waitingWorkers++;
		try {
			if (this.paused || due == Long.MAX_VALUE) {
				this.work.await();
			}
			else {
				this.work.await(Math.max(1, due - now()), TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			// Meant for a request that has already ended: look for work again
		}
		finally {
			this.waitingWorkers--;
			this.sleepingUntil = Long.MAX_VALUE;
		}
	}

	private boolean isBusy() {
		return cluster().isReady(now()) || hasRequestsInFlight() || cluster().hasRetries();
	}

	@Override
	void runUntilIdle() {
		runLocked(this::awaitIdle);
	}

	private void awaitIdle() {
		try {
			long bound = invocations() + settings().invocationsPerRun();
			while (canRun() && isBusy()) {
				if (this.paused) {
					throw new IllegalStateException(
							"The local runtime is not started, or paused, so it never comes to rest; call 'start()'");
				}
				if (invocations() > bound) {
					throw tooManyInvocations();
				}
				this.idle.await(WATCH_MILLIS, TimeUnit.MILLISECONDS);
			}
			requireRunning();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while functions were running", ex);
		}
	}

	private void watch() {
		try {
			boolean running = true;
			for (int round = 1; running; round++) {
				TimeUnit.MILLISECONDS.sleep(WATCH_MILLIS);
				boolean sweep = round % SWEEP_ROUNDS == 0;
				running = locked(() -> check(sweep));
				logThrown();
			}
		}
		catch (InterruptedException ex) {
			// The runtime was closed
		}
	}

	// Returns whether the runtime is still running
	private boolean check(boolean sweep) {
		int stuck = giveUpOverdue();
		for (int i = 0; i < stuck; i++) {
			startWorker();
		}
		if (sweep) {
			cluster().forgetExpired(now());
		}
		return canRun();
	}

	private void logThrown() {
		Throwable thrown = settings().listeners().takeThrown();
		if (thrown != null) {
			System.getLogger(WallClockDispatcher.class.getName())
				.log(System.Logger.Level.WARNING, "A listener of the local runtime failed", thrown);
		}
	}

}
