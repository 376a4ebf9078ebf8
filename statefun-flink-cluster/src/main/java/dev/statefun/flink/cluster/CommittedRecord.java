package dev.statefun.flink.cluster;

import com.google.protobuf.Any;

/**
 * A record that a function has sent to an egress, whose checkpoint is complete.
 *
 * @param egress id of the egress, {@code <namespace>/<name>}
 * @param value the record
 * @since 0.1.0
 */
public record CommittedRecord(String egress, Any value) {

}
