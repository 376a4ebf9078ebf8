package dev.statefun.local;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;

/**
 * What one reply did, in the order in which the runtime applied it: messages, delayed
 * messages and cancellations, egress records, states (protocol.md §3.4).
 *
 * @param self address of the function instance that replied
 * @param invocations the messages of the batch that it replied to
 * @param messages its messages
 * @param delayed its delayed messages
 * @param cancelled tokens of the delayed messages that it cancelled, pending or not
 * @param egress its egress records
 * @param states its changes of states
 * @since 0.1.0
 */
public record Effects(Address self, List<Invocation> invocations, List<Sent> messages, List<SentLater> delayed,
		List<String> cancelled, List<EgressMessage> egress, List<StateChange> states) {

	/**
	 * Create effects.
	 * @param self address of the function instance that replied
	 * @param invocations the messages of the batch that it replied to
	 * @param messages its messages
	 * @param delayed its delayed messages
	 * @param cancelled tokens of the delayed messages that it cancelled, pending or not
	 * @param egress its egress records
	 * @param states its changes of states
	 */
	public Effects {
		invocations = List.copyOf(invocations);
		messages = List.copyOf(messages);
		delayed = List.copyOf(delayed);
		cancelled = List.copyOf(cancelled);
		egress = List.copyOf(egress);
		states = List.copyOf(states);
	}

	/**
	 * A message that was handled.
	 *
	 * @param caller address of its sender, or empty if it came from an ingress
	 * @param message the message
	 */
	public record Invocation(Optional<Address> caller, Any message) {

	}

	/**
	 * A message.
	 *
	 * @param target address of the receiver
	 * @param message the message
	 */
	public record Sent(Address target, Any message) {

	}

	/**
	 * A delayed message.
	 *
	 * @param delay how long it waits
	 * @param target address of the receiver
	 * @param message the message
	 * @param token token to cancel it with, if it has one
	 */
	public record SentLater(Duration delay, Address target, Any message, Optional<String> token) {

	}

	/**
	 * A change of a state.
	 *
	 * @param name name of the state
	 * @param value the new value, or empty if the state was removed
	 */
	public record StateChange(String name, Optional<Any> value) {

	}

}
