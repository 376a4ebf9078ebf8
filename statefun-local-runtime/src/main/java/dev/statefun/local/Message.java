package dev.statefun.local;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * A message that waits, is delayed or is in flight.
 *
 * @param id id of the message
 * @param sender address of the sender, or {@code null} if it came from an ingress
 * @param argument its bytes, a {@code TypedValue} on 3.x and an {@code Any} on 2.x;
 * passed on unchanged (protocol.md §3.4)
 */
record Message(long id, @Nullable Address sender, byte[] argument) {

}
