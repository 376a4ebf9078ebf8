package dev.statefun.console.record;

import java.time.Instant;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record that was sent to an egress.
 *
 * @param seq its number
 * @param at when it was sent
 * @param egress id of the egress
 * @param address the function instance that sent it
 * @param messageId the message whose handling sent it, if known
 * @param record the record
 * @param headers its headers
 * @since 0.1.0
 */
public record EgressRecord(long seq, Instant at, String egress, Address address, @Nullable Long messageId, Any record,
		Headers headers) {

}
