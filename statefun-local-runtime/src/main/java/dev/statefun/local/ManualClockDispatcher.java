package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Calls functions one at a time, only while a caller waits, and in the same order in
 * every run.
 */
final class ManualClockDispatcher extends Dispatcher {

	private static final long WATCH_MILLIS = 50;

	private long now;

	private long lastAllowedInvocation;

	/** Failures of the current run. */
	private final List<RequestFailedException> failures = new ArrayList<>();

	ManualClockDispatcher(Settings settings, Cluster cluster, long now) {
		super(settings, cluster);
		this.now = now;
	}

	@Override
	long now() {
		return this.now;
	}

	void now(long now) {
		this.now = now;
	}

	@Override
	void wake() {
	}

	@Override
	void start() {
		requireRunning();
	}

	// Requests are in flight only while a caller waits
	@Override
	boolean pause(Duration atMost) {
		return true;
	}

	@Override
	void requestFailed(RequestFailedException failure) {
		this.failures.add(failure);
	}

	// Called without the lock
	@Override
	void runUntilIdle() {
		begin();
		run();
	}

	// The limit applies to all work until the next call
	void begin() {
		this.lastAllowedInvocation = invocations() + this.settings.invocationsPerRun();
	}

	void run() {
		this.lock.lock();
		try {
			requireRunning();
			this.failures.clear();
			while (canRun() && cluster().isReady(this.now)) {
				if (invocations() >= this.lastAllowedInvocation) {
					throw tooManyInvocations();
				}
				this.lock.unlock();
				try {
					callFunctions();
				}
				finally {
					this.lock.lock();
				}
			}
			throwThrown();
			requireRunning();
			throwFailures();
		}
		finally {
			this.lock.unlock();
		}
	}

	// An assertion in a listener must fail the test
	private void throwThrown() {
		Throwable thrown = this.settings.listeners().takeThrown();
		if (thrown instanceof Error error) {
			throw error;
		}
		if (thrown instanceof RuntimeException exception) {
			throw exception;
		}
	}

	private void throwFailures() {
		if (!this.failures.isEmpty()) {
			RequestFailedException first = this.failures.get(0);
			this.failures.stream().skip(1).forEach(first::addSuppressed);
			this.failures.clear();
			throw first;
		}
	}

	// On its own thread: a function that never returns must not block the caller
	private void callFunctions() {
		Thread worker = startThread("statefun-local-runtime", this::work);
		try {
			boolean stuck = false;
			while (worker.isAlive() && !stuck) {
				worker.join(WATCH_MILLIS);
				this.lock.lock();
				try {
					stuck = giveUpOverdue() > 0;
				}
				finally {
					this.lock.unlock();
				}
			}
		}
		catch (InterruptedException ex) {
			giveUp();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(
					"Interrupted while functions were running; what was on its way is sent again " + "by the next run",
					ex);
		}
	}

	private void giveUp() {
		this.lock.lock();
		try {
			giveUpAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void work() {
		try {
			Attempt attempt = lockAndTake();
			while (attempt != null && perform(attempt)) {
				attempt = lockAndTake();
			}
		}
		catch (Throwable ex) {
			broken(ex);
		}
	}

	private @Nullable Attempt lockAndTake() {
		this.lock.lock();
		try {
			return (canRun() && invocations() < this.lastAllowedInvocation) ? next() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

}
