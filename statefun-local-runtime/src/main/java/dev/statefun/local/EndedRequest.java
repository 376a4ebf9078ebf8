package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;

/**
 * A request that has ended.
 *
 * @param self address of the function instance
 * @param messages its messages, in their order, each with the effects that its handling
 * had
 * @param attempt number of the attempt, as in {@link StartedRequest}
 * @param when time of the end, by the runtime's clock
 * @param duration duration of the request, in real time
 * @param outcome how it ended
 * @param unattributed effects that no single message is known to have had: those of a
 * request with several messages to a function that is served over HTTP
 * @param states changes of states that no single message is known to have made
 * @param failure why it failed, if it did. Nothing of it was applied then
 * @param nextAttempt time until the request is sent again, if it failed and will be
 * @since 0.1.0
 */
public record EndedRequest(Address self, List<HandledMessage> messages, int attempt, Instant when, Duration duration,
		Outcome outcome, List<CausedEffect> unattributed, List<StateTransition> states,
		Optional<LocalRuntimeException> failure, Optional<Duration> nextAttempt) {

	/**
	 * Create an event.
	 * @param self address of the function instance
	 * @param messages its messages
	 * @param attempt number of the attempt
	 * @param when time of the end
	 * @param duration duration of the request
	 * @param outcome how it ended
	 * @param unattributed effects that no single message is known to have had
	 * @param states changes of states that no single message is known to have made
	 * @param failure why it failed
	 * @param nextAttempt time until it is sent again
	 */
	public EndedRequest {
		messages = List.copyOf(messages);
		unattributed = List.copyOf(unattributed);
		states = List.copyOf(states);
	}

	/**
	 * Ends of a request.
	 */
	public enum Outcome {

		/** The reply was applied. */
		REPLIED,

		/**
		 * The function asked for states that the request lacked. It is sent again with
		 * them; no message was handled.
		 */
		MISSING_STATES,

		/** The request failed, and is sent again. */
		FAILED,

		/** A cluster's job would have failed. */
		JOB_FAILED

	}

	/**
	 * A message of the request.
	 *
	 * @param id id of the message
	 * @param outcome what happened to it
	 * @param effects effects of its handling, in the order of the calls; those of named
	 * timers follow
	 * @param states states that its handling changed. A state that was set to the value
	 * it had may be left out, as is the state that the SDK keeps timers in
	 * @param failure exception of its handling, if it failed in this process
	 */
	public record HandledMessage(long id, MessageOutcome outcome, List<CausedEffect> effects,
			List<StateTransition> states, Optional<Throwable> failure) {

		/**
		 * Create a message.
		 * @param id id of the message
		 * @param outcome what happened to it
		 * @param effects effects of its handling
		 * @param states states that its handling changed
		 * @param failure exception of its handling
		 */
		public HandledMessage {
			effects = List.copyOf(effects);
			states = List.copyOf(states);
		}

	}

	/**
	 * Outcomes of a message.
	 */
	public enum MessageOutcome {

		/** It was handled, and its effects were applied. */
		HANDLED,

		/** Its handling failed, and the failure policy skipped it. */
		SKIPPED,

		/** Its handling failed, and a dead letter was sent in place of its effects. */
		DEAD_LETTERED,

		/** It was the message of a timer that had been replaced or cancelled. */
		DROPPED,

		/** Its handling failed, and with it the request. */
		FAILED,

		/** Nothing of it was applied, because the request did not end with a reply. */
		NOT_APPLIED,

		/**
		 * The reply was applied. Whether the message was handled, skipped or dropped is
		 * unknown, as the function is served over HTTP.
		 */
		UNKNOWN

	}

	/**
	 * An effect.
	 *
	 * @param effect a message, delayed message, cancellation or egress record, but no
	 * change of a state. A delayed message of a named timer has the message as the
	 * function gets it, and no token
	 * @param message id of the message that it sent, if that is delivered here
	 * @param timer name of the timer that it started or cancelled, if it did
	 */
	public record CausedEffect(Effects.Effect effect, OptionalLong message, Optional<String> timer) {

	}

	/**
	 * A change of a state.
	 *
	 * @param name name of the state
	 * @param before the value before, or empty if there was none
	 * @param after the value after, or empty if the state was removed
	 */
	public record StateTransition(String name, Optional<Any> before, Optional<Any> after) {

	}

}
