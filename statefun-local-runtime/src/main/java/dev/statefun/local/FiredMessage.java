package dev.statefun.local;

import java.time.Instant;
import java.util.Optional;

import dev.statefun.sdk.Address;

/**
 * A delayed message that is delivered now.
 *
 * @param id id of the message
 * @param target address of the receiver
 * @param timer name of the timer, if it is the message of one
 * @param due time at which it was due
 * @param when time of delivery, by the runtime's clock; before {@code due} if it was
 * {@linkplain LocalRuntimeOperations#fire fired}
 * @since 0.1.0
 */
public record FiredMessage(long id, Address target, Optional<String> timer, Instant due, Instant when) {

}
