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
 * @param invocations messages of the batch that was replied to
 * @param all its effects: everything it sent, in the order of the calls, and then its
 * state changes. A reply has a list for each kind; this SDK writes their entries in the
 * order of the calls, others write one list after the other
 * @since 0.1.0
 */
public record Effects(Address self, List<Invocation> invocations, List<Effect> all) {

	/**
	 * Create effects.
	 * @param self address of the function instance that replied
	 * @param invocations messages of the batch that was replied to
	 * @param all its effects
	 */
	public Effects {
		invocations = List.copyOf(invocations);
		all = List.copyOf(all);
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
	 * @param caller address of its sender, or empty if it came from an ingress
	 * @param message the message
	 * @param headers headers of the message
	 */
	public record Invocation(Optional<Address> caller, Any message, Headers headers) {

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
