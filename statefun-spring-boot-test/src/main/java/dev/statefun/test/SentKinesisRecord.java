package dev.statefun.test;

import java.util.Set;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A record that a function sent to a Kinesis egress.
 *
 * @param stream the stream
 * @param partitionKey the partition key
 * @param explicitHashKey the hash key, or empty if it has none
 * @param value bytes of the value
 * @since 0.1.0
 */
public record SentKinesisRecord(String stream, String partitionKey, String explicitHashKey, ByteString value) {

	private static final Set<String> TYPENAMES = Set.of(
			"type.googleapis.com/org.apache.flink.statefun.flink.io.KinesisEgressRecord",
			"type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord");

	// protocol.md §1, KinesisEgressRecord; null if it is another record
	static @Nullable SentKinesisRecord from(Any record) {
		RecordFields fields = TYPENAMES.contains(record.getTypeUrl()) ? RecordFields.of(record) : null;
		return (fields != null) ? new SentKinesisRecord(fields.text(3), fields.text(1), fields.text(4), fields.bytes(2))
				: null;
	}

	/**
	 * Return the value as text.
	 * @return the value, decoded as UTF-8
	 */
	public String text() {
		return this.value.toStringUtf8();
	}

	@Override
	public String toString() {
		return "Kinesis record for stream '" + this.stream + "', partition key '" + this.partitionKey + "'"
				+ (this.explicitHashKey.isEmpty() ? "" : ", hash key '" + this.explicitHashKey + "'") + ": "
				+ Decoder.show(this.value);
	}

}
