package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;

/**
 * A message that a local runtime accepted.
 *
 * @param id id of the message: unique in the runtime and its snapshots, and larger than
 * those of earlier messages
 * @param target address of the receiver
 * @param caller address of the sender, or empty if it came from an ingress
 * @param message the message; that of a named timer as the function gets it
 * @param headers headers of the message
 * @param cause what sent it
 * @param when time at which it was accepted, by the runtime's clock
 * @param delay its delay, if it has one
 * @since 0.1.0
 */
public record AcceptedMessage(long id, Address target, Optional<Address> caller, Any message, Headers headers,
		MessageCause cause, Instant when, Optional<Delay> delay) {

	/**
	 * Delay of a message.
	 *
	 * @param duration time before delivery
	 * @param due time of delivery, by the runtime's clock
	 * @param token token for cancellation, if it has one; not for a named timer
	 * @param timer name of the timer, if it is the message of one
	 */
	public record Delay(Duration duration, Instant due, Optional<String> token, Optional<String> timer) {

	}

}
