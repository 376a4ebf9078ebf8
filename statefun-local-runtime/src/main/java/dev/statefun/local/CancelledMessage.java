package dev.statefun.local;

import java.time.Instant;
import java.util.Optional;

import dev.statefun.sdk.Address;

/**
 * A delayed message that was cancelled.
 *
 * @param id id of the message
 * @param target address of the receiver
 * @param timer name of the timer, if it was the message of one
 * @param cause what cancelled it
 * @param when time of the cancellation, by the runtime's clock
 * @since 0.1.0
 */
public record CancelledMessage(long id, Address target, Optional<String> timer, MessageCause cause, Instant when) {

}
