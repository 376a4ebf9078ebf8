package dev.statefun.sdk;

import java.time.Duration;

import dev.statefun.sdk.egress.EgressId;
import org.jspecify.annotations.Nullable;

/**
 * What became of one batch. Belongs to the call it is passed to: whoever needs something
 * of it later takes that out.
 *
 * @since 0.1.0
 */
public final class BatchReport {

	private final @Nullable FunctionType function;

	private final BatchOutcome outcome;

	private final @Nullable Throwable failure;

	private final long nanos;

	private final int requestSize;

	private final int replySize;

	private final @Nullable Batch batch;

	BatchReport(@Nullable FunctionType function, BatchOutcome outcome, @Nullable Throwable failure, long nanos,
			int requestSize, int replySize, @Nullable Batch batch) {
		this.function = function;
		this.outcome = outcome;
		this.failure = failure;
		this.nanos = nanos;
		this.requestSize = requestSize;
		this.replySize = replySize;
		this.batch = batch;
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
	 * Return why the batch was refused or is to be sent again.
	 * @return the failure, whose text may tell what was in a message, or {@code null} if
	 * there was a reply
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

	/**
	 * Return how long it took, from the request's bytes to the reply's, stages included.
	 * @return the duration
	 */
	public Duration duration() {
		return Duration.ofNanos(this.nanos);
	}

	/**
	 * Return the same as {@link #duration}, for who records it often.
	 * @return the duration in nanoseconds
	 */
	public long nanos() {
		return this.nanos;
	}

	/**
	 * Return how large the request was.
	 * @return number of bytes
	 */
	public int requestSize() {
		return this.requestSize;
	}

	/**
	 * Return how large the reply is.
	 * @return number of bytes; 0 if there is none
	 */
	public int replySize() {
		return this.replySize;
	}

	/**
	 * Return how many messages the batch has.
	 * @return their number; 0 if no handler was called
	 */
	public int invocations() {
		return (this.batch != null) ? this.batch.request().invocationCount() : 0;
	}

	/**
	 * Tell what became of the messages that were handed to the function. Those after the
	 * one that ended the batch are not among them.
	 * @param consumer is told each number that is not zero
	 */
	public void forEachInvocation(InvocationCount consumer) {
		BatchTally tally = (this.batch != null) ? this.batch.tally() : null;
		if (tally != null) {
			tally.forEachInvocation(this.outcome, consumer);
		}
	}

	/**
	 * Tell what the reply has the cluster send. If there is no reply it is nothing.
	 * @param consumer is told each number that is not zero
	 */
	public void forEachMessage(MessageCount consumer) {
		BatchTally tally = (this.batch != null) ? this.batch.tally() : null;
		if (tally != null && this.outcome == BatchOutcome.REPLIED) {
			tally.forEachMessage(consumer);
		}
	}

	/**
	 * Tell how large the values of the declared states were when the batch began.
	 * @param consumer is told the size of each that had a value
	 */
	public void forEachState(StateSize consumer) {
		if (this.batch != null) {
			this.batch.states().reportTo(consumer);
		}
	}

	/**
	 * Is told how many messages met a fate.
	 */
	@FunctionalInterface
	public interface InvocationCount {

		/**
		 * Take a number.
		 * @param handler position of the handler in
		 * {@link FunctionDescriptor#handlers()}, or -1 for messages that no handler takes
		 * @param outcome what became of the messages
		 * @param count their number
		 */
		void accept(int handler, InvocationOutcome outcome, int count);

	}

	/**
	 * Is told how many messages went somewhere.
	 */
	@FunctionalInterface
	public interface MessageCount {

		/**
		 * Take a number.
		 * @param kind in which way they were sent
		 * @param function the function they go to, if it is one that has a valid type and
		 * is one of the first 64 targets of the batch
		 * @param egress the egress they go to, if it is one of these
		 * @param count their number
		 */
		void accept(MessageKind kind, @Nullable FunctionType function, @Nullable EgressId egress, int count);

	}

	/**
	 * Is told how large a state is.
	 */
	@FunctionalInterface
	public interface StateSize {

		/**
		 * Take a size.
		 * @param state name of the state
		 * @param size number of bytes of its value, as the cluster sent it, its type
		 * included
		 */
		void accept(String state, int size);

	}

}
