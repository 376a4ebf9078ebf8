package dev.statefun.flinktests;

import com.google.protobuf.ByteString;

/**
 * What a function sent to an egress, as the runtime handed it to the sink.
 *
 * @param typename the full type name
 * @param value the bytes
 */
record EgressRecord(String typename, ByteString value) {

}
