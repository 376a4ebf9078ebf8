package dev.statefun.flink.cluster;

import com.google.protobuf.Any;
import dev.statefun.sdk.Headers;

/**
 * A record that a function has sent to an egress, whose checkpoint is complete.
 *
 * @param egress id of the egress, {@code <namespace>/<name>}
 * @param value the record
 * @param headers its headers
 * @since 0.1.0
 */
public record CommittedRecord(String egress, Any value, Headers headers) {

}
