package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import org.jspecify.annotations.Nullable;

/**
 * Calls functions one at a time, only while a caller waits, and in the same order in
 * every run.
 */
final class ManualClockDispatcher extends Dispatcher {

	private static final long WATCH_MILLIS = 50;

	private final InputLog input;

	private long now;

	private long lastAllowedInvocation;

	/** Failures of the current run. */
	private final List<RequestFailedException> failures = new ArrayList<>();

	ManualClockDispatcher(Settings settings, Cluster cluster, InputLog input, long now) {
		super(settings, cluster);
		this.input = input;
		this.now = now;
	}

	@Override
	long now() {
		return this.now;
	}

	@Override
	ClockKind clock() {
		return ClockKind.MANUAL;
	}

	@Override
	void wake() {
	}

	@Override
	void start() {
		runLocked(this::requireRunning);
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

	@Override
	void accept(Consumer<Cluster> input) {
		this.input.add(input);
		super.accept(input);
	}

	void checkpoint() {
		runLocked(() -> this.input.checkpoint(cluster(), this.now));
	}

	// Time does not go back
	void restart() {
		runLocked(() -> {
			Cluster restored = new Cluster(settings(), cluster().egresses(), cluster().ids());
			this.input.recover(restored);
			replace(restored);
		});
	}

	@Override
	void advance(Duration duration) {
		long end = this.now + requireAdvance(duration, this.now);
		begin();
		run();
		for (long due = nextDue(); due <= end; due = nextDue()) {
			this.now = Math.max(this.now, due);
			run();
		}
		this.now = end;
	}

	private long nextDue() {
		return locked(() -> cluster().nextDue());
	}

	@Override
	void runUntilIdle() {
		begin();
		run();
	}

	// The limit applies to all work until the next call
	private void begin() {
		this.lastAllowedInvocation = invocations() + settings().invocationsPerRun();
	}

	private void run() {
		runLocked(() -> {
			requireRunning();
			this.failures.clear();
		});
		while (locked(this::hasWork)) {
			callFunctions();
		}
		runLocked(() -> {
			throwThrown();
			requireRunning();
			throwFailures();
		});
	}

	private boolean hasWork() {
		boolean work = canRun() && cluster().isReady(this.now);
		if (work && invocations() >= this.lastAllowedInvocation) {
			throw tooManyInvocations();
		}
		return work;
	}

	// An assertion in a listener must fail the test
	private void throwThrown() {
		Throwable thrown = settings().listeners().takeThrown();
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
				stuck = locked(this::giveUpOverdue) > 0;
			}
		}
		catch (InterruptedException ex) {
			giveUpAll();
			Thread.currentThread().interrupt();
			throw new IllegalStateException(
					"Interrupted while functions were running; what was on its way is sent again by the next run", ex);
		}
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

	private @Nullable Attempt take() {
		return (canRun() && invocations() < this.lastAllowedInvocation) ? next() : null;
	}

}
