package dev.statefun.local;

import com.google.protobuf.Any;
import dev.statefun.sdk.Headers;

/**
 * A record that a function sent to an egress.
 *
 * @param egress id of the egress, in the form {@code <namespace>/<name>}
 * @param record the record as it was sent: type name and bytes
 * @param headers headers of the record
 * @since 0.1.0
 */
public record EgressMessage(String egress, Any record, Headers headers) implements Effects.Effect {

}
