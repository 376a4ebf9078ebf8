package dev.statefun.flinktests;

import com.google.protobuf.ByteString;

/**
 * A record that a function sent to an egress, as received by the sink.
 *
 * @param typename the full type name
 * @param value the bytes
 */
record EgressRecord(String typename, ByteString value) {

}
