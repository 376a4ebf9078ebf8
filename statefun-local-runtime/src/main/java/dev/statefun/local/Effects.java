package dev.statefun.local;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;

/**
 * Effects of one reply. The runtime applies messages first, then delayed messages and
 * cancellations, egress records, and states (protocol.md §3.4).
 *
 * @param self address of the function instance that replied
 * @param invocations messages of the batch that was replied to, as the function handled
 * them
 * @param all its effects: everything it sent, in the order of the calls, and then its
 * state changes. A reply has a list for each kind; this SDK writes their entries in the
 * order of the calls, others write one list after the other
 * @param timers what happened to named timers; {@code all} has the messages,
 * cancellations and state changes by which the SDK achieves it
 * @since 0.1.0
 */
public record Effects(Address self, List<Invocation> invocations, List<Effect> all, List<TimerEvent> timers) {

	/**
	 * Create effects.
	 * @param self address of the function instance that replied
	 * @param invocations messages of the batch that was replied to
	 * @param all its effects
	 * @param timers what happened to named timers
	 */
	public Effects {
		invocations = List.copyOf(invocations);
		all = List.copyOf(all);
		timers = List.copyOf(timers);
	}

	/**
	 * Return the messages.
	 * @return the messages, in the order of their list
	 */
	public List<Sent> messages() {
		return only(Sent.class).toList();
	}

	/**
	 * Return the delayed messages.
	 * @return the delayed messages, in the order of their list
	 */
	public List<SentLater> delayed() {
		return only(SentLater.class).toList();
	}

	/**
	 * Return the tokens of the delayed messages that were cancelled.
	 * @return the tokens, whether or not messages with them were pending
	 */
	public List<String> cancelled() {
		return only(Cancellation.class).map(Cancellation::token).toList();
	}

	/**
	 * Return the egress records.
	 * @return the records, in the order of their list
	 */
	public List<EgressMessage> egress() {
		return only(EgressMessage.class).toList();
	}

	/**
	 * Return the changes of states.
	 * @return the changes, in the order of their list
	 */
	public List<StateChange> states() {
		return only(StateChange.class).toList();
	}

	private <T extends Effect> Stream<T> only(Class<T> type) {
		return this.all.stream().filter(type::isInstance).map(type::cast);
	}

	/**
	 * An effect of a reply.
	 */
	public sealed interface Effect permits Sent, SentLater, Cancellation, EgressMessage, StateChange {

	}

	/**
	 * A message that was handled.
	 *
	 * @param caller address of its sender, or empty if it came from an ingress or a named
	 * timer
	 * @param message the message
	 * @param headers headers of the message
	 * @param timer name of the timer that sent it, if it was one. An earlier message of
	 * the same batch may have replaced or cancelled that timer, which the reply does not
	 * tell: the function has then dropped the message
	 */
	public record Invocation(Optional<Address> caller, Any message, Headers headers, Optional<String> timer) {

		/**
		 * Create a message that no timer has sent.
		 * @param caller address of its sender, or empty if it came from an ingress
		 * @param message the message
		 * @param headers headers of the message
		 */
		public Invocation(Optional<Address> caller, Any message, Headers headers) {
			this(caller, message, headers, Optional.empty());
		}

	}

	/**
	 * An event of a named timer, other than its firing, which is an {@link Invocation}.
	 */
	public sealed interface TimerEvent permits TimerStarted, TimerCancelled, TimerDropped {

		/**
		 * Return the timer.
		 * @return its name
		 */
		String name();

	}

	/**
	 * A timer was started, or started again.
	 *
	 * @param name name of the timer
	 * @param delay time until it fires
	 * @param message message that it sends
	 * @param headers headers of the message
	 */
	public record TimerStarted(String name, Duration delay, Any message, Headers headers) implements TimerEvent {

	}

	/**
	 * A pending timer was cancelled.
	 *
	 * @param name name of the timer
	 */
	public record TimerCancelled(String name) implements TimerEvent {

	}

	/**
	 * The message of a timer arrived that had been replaced or cancelled before the
	 * batch, and was dropped.
	 *
	 * @param name name of the timer
	 */
	public record TimerDropped(String name) implements TimerEvent {

	}

	/**
	 * A message.
	 *
	 * @param target address of the receiver
	 * @param message the message
	 * @param headers headers of the message
	 */
	public record Sent(Address target, Any message, Headers headers) implements Effect {

	}

	/**
	 * A delayed message.
	 *
	 * @param delay time before delivery
	 * @param target address of the receiver
	 * @param message the message
	 * @param token token for cancellation, if it has one
	 * @param headers headers of the message
	 */
	public record SentLater(Duration delay, Address target, Any message, Optional<String> token,
			Headers headers) implements Effect {

	}

	/**
	 * A cancellation of delayed messages, whether or not they were pending.
	 *
	 * @param token the token that they were sent with
	 */
	public record Cancellation(String token) implements Effect {

	}

	/**
	 * A change of a state.
	 *
	 * @param name name of the state
	 * @param value the new value, or empty if the state was removed
	 */
	public record StateChange(String name, Optional<Any> value) implements Effect {

	}

}
