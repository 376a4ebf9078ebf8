package dev.statefun.local;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way.
 *
 * @param sender who sent it, or {@code null} if it came from an ingress
 * @param argument its bytes, a {@code TypedValue} on 3.x and an {@code Any} on 2.x: they
 * pass through as they are (protocol.md §3.4)
 */
record Message(@Nullable Address sender, byte[] argument) {

}
