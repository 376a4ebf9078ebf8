package dev.statefun.sdk.listener;

import com.google.protobuf.Any;
import org.jspecify.annotations.Nullable;

/**
 * Report on one message of a request. Valid only during the callback; copy what you need.
 * <p>
 * A reply has one list of effects for each kind, in the order of the calls; the counts of
 * consecutive messages thus divide these lists.
 *
 * @since 0.1.0
 */
public interface InvocationReport {

	/**
	 * Return the position of the message in its request.
	 * @return the position, starting at 0
	 */
	int index();

	/**
	 * Return what happened to the message.
	 * @return the outcome; never {@link InvocationOutcome#RETRIED}, as there is a reply
	 */
	InvocationOutcome outcome();

	/**
	 * Return why handling the message failed.
	 * @return the exception, or {@code null} if it was handled
	 */
	@Nullable Throwable failure();

	/**
	 * Return how many effects of a kind the message has in the reply. Effects that were
	 * rolled back do not count; the record of a dead letter does. Named timers are
	 * reported by {@link #forEachTimer} alone.
	 * @param kind kind of the effects
	 * @return their number
	 */
	int count(MessageKind kind);

	/**
	 * Report the states that the message changed, with their values after it. A state
	 * that was set to the value it had may be left out, and the state that the SDK keeps
	 * timers in is.
	 * @param consumer receives each state
	 */
	void forEachState(StateConsumer consumer);

	/**
	 * Report the named timers that the message started or cancelled. Of several changes
	 * of one timer in a request, only the last one is in the reply and is reported.
	 * @param consumer receives each timer
	 */
	void forEachTimer(BatchReport.TimerConsumer consumer);

	/**
	 * Receives states.
	 */
	@FunctionalInterface
	interface StateConsumer {

		/**
		 * Receive a state.
		 * @param state name of the state
		 * @param value its value, or {@code null} if it was removed
		 */
		void accept(String state, @Nullable Any value);

	}

}
