package dev.statefun.sdk;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of one batch. Immutable.
 *
 * @since 0.1.0
 */
public final class BatchReport {

	private final @Nullable FunctionType function;

	private final BatchOutcome outcome;

	private final Duration duration;

	BatchReport(@Nullable FunctionType function, BatchOutcome outcome, Duration duration) {
		this.function = function;
		this.outcome = outcome;
		this.duration = duration;
	}

	/**
	 * Return the function that was called.
	 * @return its type, or {@code null} if the request names none that is served here
	 */
	public @Nullable FunctionType function() {
		return this.function;
	}

	/**
	 * Return how the batch ended.
	 * @return the outcome
	 */
	public BatchOutcome outcome() {
		return this.outcome;
	}

	/**
	 * Return how long it took, from the request's bytes to the reply's, stages included.
	 * @return the duration
	 */
	public Duration duration() {
		return this.duration;
	}

}
