package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The time that a batch has, and the one place that decides whether it ended in time or
 * was late. A batch that is late fails, whatever its handlers return or throw later: its
 * threads are interrupted, and a reply that is pending fails at once.
 */
final class TimeLimit implements Deadlines.Deadline {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private final @Nullable Duration batch;

	private final @Nullable Duration invocation;

	private final long batchNanos;

	private final long invocationNanos;

	/** Watches the time, if the server has such a thread. */
	private final @Nullable Deadlines deadlines;

	private final int messages;

	private final long start = System.nanoTime();

	/**
	 * Number of messages that were handled in time; other threads may see an older one.
	 */
	private int handled;

	private volatile State state = State.RUNNING;

	// All that follows is guarded by this

	private @Nullable BatchTimeoutException failure;

	/** The thread that goes through the batch. */
	private @Nullable Thread home = Thread.currentThread();

	/** Another thread that runs a handler or its interceptors. */
	private @Nullable Thread elsewhere;

	private @Nullable Consumer<BatchTimeoutException> onLate;

	/** When the handler that runs was called, if its time is limited. */
	private @Nullable Long invoked;

	/**
	 * The stage that this handler returned, and what the batch waits for in its place.
	 */
	private @Nullable CompletionStage<?> stage;

	private @Nullable CompletableFuture<?> bounded;

	private TimeLimit(@Nullable Duration batch, @Nullable Duration invocation, @Nullable Deadlines deadlines,
			int messages) {
		this.batch = batch;
		this.invocation = invocation;
		this.batchNanos = nanos(batch);
		this.invocationNanos = nanos(invocation);
		this.deadlines = deadlines;
		this.messages = messages;
	}

	// A Duration may have more nanoseconds than a long
	private static long nanos(@Nullable Duration time) {
		return (time != null && time.getSeconds() < Long.MAX_VALUE / NANOS_PER_SECOND) ? time.toNanos()
				: Long.MAX_VALUE;
	}

	static @Nullable TimeLimit start(HandlerOptions handling, @Nullable Duration batch, int messages) {
		if (batch == null && handling.invocationTimeout() == null) {
			return null;
		}
		TimeLimit limit = new TimeLimit(batch, handling.invocationTimeout(), handling.deadlines(), messages);
		if (limit.deadlines != null) {
			limit.deadlines.add(limit);
		}
		return limit;
	}

	@Override
	public void check() {
		BatchTimeoutException late;
		Consumer<BatchTimeoutException> consumer;
		CompletableFuture<?> waiting;
		synchronized (this) {
			late = (this.state == State.RUNNING) ? lateness(null) : null;
			if (late == null) {
				return;
			}
			this.state = State.LATE;
			this.failure = late;
			interrupt(this.home);
			interrupt(this.elsewhere);
			consumer = this.onLate;
			waiting = this.bounded;
		}
		forget();
		if (consumer != null) {
			consumer.accept(late);
		}
		if (waiting != null) {
			waiting.completeExceptionally(late);
		}
	}

	private static void interrupt(@Nullable Thread thread) {
		if (thread != null) {
			thread.interrupt();
		}
	}

	private @Nullable BatchTimeoutException lateness(@Nullable Throwable cause) {
		long now = System.nanoTime();
		if (this.batch != null && now - this.start >= this.batchNanos) {
			return BatchTimeoutException.ofBatch(this.batch, this.handled, this.messages, cause);
		}
		return (this.invocation != null) ? lateness(this.invocation, now, cause) : null;
	}

	private synchronized @Nullable BatchTimeoutException lateness(Duration invocation, long now,
			@Nullable Throwable cause) {
		boolean late = this.invoked != null && now - this.invoked >= this.invocationNanos;
		return late ? BatchTimeoutException.ofInvocation(invocation, cause) : null;
	}

	/**
	 * End the batch.
	 * @return {@code null}, or the failure if it was late before
	 */
	@Nullable BatchTimeoutException end() {
		forget();
		synchronized (this) {
			leave();
			if (this.state == State.RUNNING) {
				this.state = State.ENDED;
			}
			return this.failure;
		}
	}

	private void forget() {
		if (this.deadlines != null) {
			this.deadlines.remove(this);
		}
	}

	// The current thread goes through the batch
	synchronized void enter() {
		if (this.failure != null) {
			throw again(null);
		}
		this.home = Thread.currentThread();
	}

	// An interruption was meant for what has run, not for what the thread does next
	synchronized void leave() {
		if (this.home == Thread.currentThread()) {
			this.home = null;
			clearInterruption();
		}
	}

	private void clearInterruption() {
		if (this.state == State.LATE) {
			Thread.interrupted();
		}
	}

	// Another thread runs a handler or an interceptor; false if it does so already
	synchronized boolean enterElsewhere() {
		if (this.failure != null) {
			throw again(null);
		}
		boolean entered = this.elsewhere != Thread.currentThread();
		this.elsewhere = Thread.currentThread();
		return entered;
	}

	synchronized void leaveElsewhere() {
		this.elsewhere = null;
		clearInterruption();
	}

	// Tells later lateness, at once if it came before
	void onLate(Consumer<BatchTimeoutException> consumer) {
		BatchTimeoutException late;
		synchronized (this) {
			this.onLate = consumer;
			late = this.failure;
		}
		if (late != null) {
			consumer.accept(late);
		}
	}

	void requireTime() {
		BatchTimeoutException late = late(null);
		if (late != null) {
			throw late;
		}
	}

	/**
	 * Return why the batch is late.
	 * @param cause what a handler answered to that, or {@code null}
	 * @return the failure, or {@code null} if there is time left
	 */
	@Nullable BatchTimeoutException late(@Nullable Throwable cause) {
		if (cause instanceof BatchTimeoutException known) {
			return known;
		}
		return (this.state == State.LATE) ? again(cause) : lateness(cause);
	}

	private synchronized BatchTimeoutException again(@Nullable Throwable cause) {
		BatchTimeoutException first = this.failure;
		if (first == null) {
			throw new IllegalStateException("a batch that is not late has no failure");
		}
		return (cause != null) ? first.because(cause) : first;
	}

	void handled() {
		this.handled++;
	}

	// Whether its threads were interrupted
	boolean isLate() {
		return this.state == State.LATE;
	}

	boolean boundsInvocations() {
		return this.invocation != null;
	}

	synchronized void beginInvocation() {
		this.invoked = System.nanoTime();
	}

	synchronized void endInvocation() {
		this.invoked = null;
		this.stage = null;
		this.bounded = null;
	}

	/**
	 * Bound the stage that a handler has returned.
	 * @param stage the stage
	 * @return a stage that fails when the time is over
	 */
	CompletionStage<?> bound(CompletionStage<?> stage) {
		CompletableFuture<@Nullable Object> bounded = new CompletableFuture<>();
		synchronized (this) {
			this.stage = stage;
			this.bounded = bounded;
			if (this.failure != null) {
				bounded.completeExceptionally(this.failure);
			}
		}
		stage.handle((value, ex) -> {
			endInvocation();
			return (ex != null) ? bounded.completeExceptionally(ex) : bounded.complete(value);
		});
		return bounded;
	}

	// Runs an action when the handler that was left has ended
	void afterInvocation(Runnable action) {
		CompletionStage<?> running;
		synchronized (this) {
			running = this.stage;
		}
		if (running != null) {
			running.handle((value, ex) -> {
				action.run();
				return null;
			});
		}
		else {
			action.run();
		}
	}

	private enum State {

		/** The batch has time left. */
		RUNNING,

		/** The time was over first. */
		LATE,

		/** The batch ended first. */
		ENDED

	}

}
