package dev.statefun.sdk.listener;

import java.time.Duration;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import org.jspecify.annotations.Nullable;

/**
 * Report on a completed batch. Valid only during the callback; copy what you need.
 *
 * @since 0.1.0
 */
public interface BatchReport {

	/**
	 * Return the function that was called.
	 * @return its type, or {@code null} if the request names no function that is served
	 * here, or its bytes are not a request
	 */
	@Nullable FunctionType function();

	/**
	 * Return how the batch ended.
	 * @return the outcome
	 */
	BatchOutcome outcome();

	/**
	 * Return why the batch was refused or has to be sent again.
	 * @return the failure, whose message may contain parts of a message, or {@code null}
	 * if there was a reply
	 */
	@Nullable Throwable failure();

	/**
	 * Return the time from the request's bytes to the reply's, stages included.
	 * @return the duration
	 */
	default Duration duration() {
		return Duration.ofNanos(nanos());
	}

	/**
	 * Return the {@link #duration} without creating an object.
	 * @return the duration in nanoseconds
	 */
	long nanos();

	/**
	 * Return the size of the request.
	 * @return number of bytes
	 */
	int requestSize();

	/**
	 * Return the size of the reply.
	 * @return number of bytes; 0 if there is none
	 */
	int replySize();

	/**
	 * Return the number of messages in the batch.
	 * @return their number; 0 if the request was refused or answered with missing states
	 */
	int invocations();

	/**
	 * Report the messages that were passed to the function, by handler and outcome.
	 * Messages after the one that ended the batch are not counted.
	 * @param consumer receives each number that is not zero
	 */
	void forEachInvocation(InvocationCount consumer);

	/**
	 * Report the messages that the reply asks the cluster to send; none without a reply.
	 * @param consumer receives each number that is not zero
	 */
	void forEachMessage(MessageCount consumer);

	/**
	 * Report the sizes that the declared states had when the batch began.
	 * @param consumer receives the size of each state that had a value
	 */
	void forEachState(StateSize consumer);

	/**
	 * Report the named timers that the batch started, cancelled, received or dropped;
	 * none without a reply. Messages of timers that were started are not reported by
	 * {@link #forEachMessage}.
	 * @param consumer receives each timer, several times if several messages of it
	 * arrived
	 */
	default void forEachTimer(TimerConsumer consumer) {
	}

	/**
	 * Receives message counts by handler and outcome.
	 */
	@FunctionalInterface
	interface InvocationCount {

		/**
		 * Receive a count.
		 * @param handler position of the handler in the {@code handlers} of the
		 * function's descriptor, or -1 for messages without a handler
		 * @param outcome outcome of the messages
		 * @param count their number
		 */
		void accept(int handler, InvocationOutcome outcome, int count);

	}

	/**
	 * Receives counts of sent messages by kind and target.
	 */
	@FunctionalInterface
	interface MessageCount {

		/**
		 * Receive a count.
		 * @param kind kind of the messages
		 * @param function the function they are sent to, if it has a valid type and is
		 * among the first 64 targets of the batch
		 * @param egress the egress they are sent to, if it is among these targets
		 * @param count their number
		 */
		void accept(MessageKind kind, @Nullable FunctionType function, @Nullable EgressId egress, int count);

	}

	/**
	 * Receives what happened to timers.
	 */
	@FunctionalInterface
	interface TimerConsumer {

		/**
		 * Receive an event of a timer.
		 * @param name name of the timer
		 * @param outcome what happened to it. Of several changes of one timer, only the
		 * last one is reported
		 */
		void accept(String name, TimerOutcome outcome);

	}

	/**
	 * Receives sizes of states.
	 */
	@FunctionalInterface
	interface StateSize {

		/**
		 * Receive a size.
		 * @param state name of the state
		 * @param size number of bytes of its value and type, as the cluster sent them
		 */
		void accept(String state, int size);

	}

}
