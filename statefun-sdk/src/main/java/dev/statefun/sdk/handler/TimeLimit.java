package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Time limit of a batch, which alone decides whether the batch ended in time or was late.
 * A late batch fails, whatever its handlers return or throw later: its threads are
 * interrupted, and a pending reply fails immediately.
 */
final class TimeLimit implements Deadlines.Deadline {

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private final @Nullable Duration batch;

	private final @Nullable Duration invocation;

	private final long batchNanos;

	private final long invocationNanos;

	/** Checks this limit periodically, if set. */
	private final @Nullable Deadlines deadlines;

	private final int messages;

	private final long start = System.nanoTime();

	/**
	 * Number of messages that were handled in time; other threads may see an older value.
	 */
	private int handled;

	private volatile State state = State.RUNNING;

	// All following fields are guarded by this

	private @Nullable BatchTimeoutException failure;

	/** Thread that goes through the messages. */
	private @Nullable Thread owner = Thread.currentThread();

	/** Other thread that runs a handler or its interceptors. */
	private @Nullable Thread other;

	private @Nullable Consumer<BatchTimeoutException> onLate;

	/** Time at which the running handler was called, if its time is limited. */
	private @Nullable Long invoked;

	/** Stage that this handler returned. */
	private @Nullable CompletionStage<?> stage;

	/** Stage that the batch waits for instead of the handler's own. */
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

	// The nanoseconds of a Duration may exceed a long
	private static long nanos(@Nullable Duration time) {
		return (time != null && time.getSeconds() < Long.MAX_VALUE / NANOS_PER_SECOND) ? time.toNanos()
				: Long.MAX_VALUE;
	}

	static @Nullable TimeLimit start(HandlerOptions options, @Nullable Duration batch, int messages) {
		if (batch == null && options.invocationTimeout() == null) {
			return null;
		}
		TimeLimit limit = new TimeLimit(batch, options.invocationTimeout(), options.deadlines(), messages);
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
			interrupt(this.owner);
			interrupt(this.other);
			consumer = this.onLate;
			waiting = this.bounded;
		}
		stopWatching();
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
	 * @return {@code null}, or the failure if the batch was late
	 */
	@Nullable BatchTimeoutException end() {
		stopWatching();
		synchronized (this) {
			leave();
			if (this.state == State.RUNNING) {
				this.state = State.ENDED;
			}
			return this.failure;
		}
	}

	private void stopWatching() {
		if (this.deadlines != null) {
			this.deadlines.remove(this);
		}
	}

	// The current thread continues the batch
	synchronized void enter() {
		if (this.failure != null) {
			throw failureWith(null);
		}
		this.owner = Thread.currentThread();
	}

	// The interruption was meant for the batch, not for the thread's next task
	synchronized void leave() {
		if (this.owner == Thread.currentThread()) {
			this.owner = null;
			clearInterruption();
		}
	}

	private void clearInterruption() {
		if (this.state == State.LATE) {
			Thread.interrupted();
		}
	}

	// Another thread runs a handler or an interceptor; false if it already does
	synchronized boolean enterOther() {
		if (this.failure != null) {
			throw failureWith(null);
		}
		boolean entered = this.other != Thread.currentThread();
		this.other = Thread.currentThread();
		return entered;
	}

	synchronized void leaveOther() {
		this.other = null;
		clearInterruption();
	}

	// Calls the consumer when the batch is late, at once if it already is
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
	 * Return the failure if the batch is late.
	 * @param cause exception that the handler threw then, or {@code null}
	 * @return the failure, or {@code null} if there is time left
	 */
	@Nullable BatchTimeoutException late(@Nullable Throwable cause) {
		if (cause instanceof BatchTimeoutException known) {
			return known;
		}
		return (this.state == State.LATE) ? failureWith(cause) : lateness(cause);
	}

	private synchronized BatchTimeoutException failureWith(@Nullable Throwable cause) {
		BatchTimeoutException first = this.failure;
		if (first == null) {
			throw new IllegalStateException("a batch that is not late has no failure");
		}
		return (cause != null) ? first.because(cause) : first;
	}

	void handled() {
		this.handled++;
	}

	// Whether the threads of the batch were interrupted
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
	 * Limit the time of a stage that a handler returned.
	 * @param stage the stage
	 * @return a stage that fails when the limit is exceeded
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

	// Runs an action when the abandoned handler has ended
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

		/** The limit was exceeded first. */
		LATE,

		/** The batch ended first. */
		ENDED

	}

}
