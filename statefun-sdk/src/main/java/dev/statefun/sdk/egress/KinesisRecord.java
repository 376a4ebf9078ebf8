package dev.statefun.sdk.egress;

import java.util.Objects;

import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.protocol.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * A record for the cluster's Kinesis egress: stream, partition key, value and an optional
 * explicit hash key (protocol.md §1, KinesisEgressRecord). Immutable, except for an
 * object given to {@link Builder#jsonValue}.
 *
 * @since 0.1.0
 */
public final class KinesisRecord extends EgressRecord {

	private static final byte[] TYPENAME_V2 = Utf8
		.encode("type.googleapis.com/org.apache.flink.statefun.flink.io.KinesisEgressRecord");

	private static final byte[] TYPENAME_V3 = Utf8
		.encode("type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord");

	private final String stream;

	private final String partitionKey;

	private final String explicitHashKey;

	private final RecordValue value;

	private KinesisRecord(String stream, String partitionKey, String explicitHashKey, RecordValue value) {
		this.stream = stream;
		this.partitionKey = partitionKey;
		this.explicitHashKey = explicitHashKey;
		this.value = value;
	}

	/**
	 * Start a record.
	 * @param stream the stream; must not be empty
	 * @return a builder
	 * @throws IllegalArgumentException if the stream is empty
	 */
	public static Builder forStream(String stream) {
		return new Builder(EgressRecordBuilder.requireText(stream, "stream"));
	}

	@Override
	public byte[] typenameUtf8(Dialect dialect) {
		return (dialect == Dialect.V2) ? TYPENAME_V2 : TYPENAME_V3;
	}

	// Kinesis records have no headers
	@Override
	public byte[] encode(@Nullable JsonEncoder json, byte[] headers) {
		byte[] bytes = this.value.encode(json);
		int partitionKeyLength = Utf8.length(this.partitionKey);
		int streamLength = Utf8.length(this.stream);
		int hashKeyLength = Utf8.length(this.explicitHashKey);
		WireWriter writer = new WireWriter(partitionKeyLength + bytes.length + streamLength + hashKeyLength + 40);
		writer.writeOptionalText(0x0a, this.partitionKey, partitionKeyLength);
		writer.writeOptionalBytes(0x12, bytes);
		writer.writeOptionalText(0x1a, this.stream, streamLength);
		writer.writeOptionalText(0x22, this.explicitHashKey, hashKeyLength);
		return writer.toByteArray();
	}

	/**
	 * Builds a record. Not thread-safe.
	 */
	public static final class Builder extends EgressRecordBuilder<Builder> {

		private final String stream;

		private String partitionKey = "";

		private String explicitHashKey = "";

		private Builder(String stream) {
			this.stream = stream;
		}

		/**
		 * Set the partition key, which every record needs.
		 * @param partitionKey the key; must not be empty
		 * @return this builder
		 * @throws IllegalArgumentException if the key is empty
		 */
		public Builder partitionKey(String partitionKey) {
			this.partitionKey = EgressRecordBuilder.requireText(partitionKey, "partitionKey");
			return this;
		}

		/**
		 * Set the hash key that selects the shard in place of the partition key.
		 * @param explicitHashKey the key; an empty one means none
		 * @return this builder
		 */
		public Builder explicitHashKey(String explicitHashKey) {
			this.explicitHashKey = Objects.requireNonNull(explicitHashKey, "'explicitHashKey' must not be null");
			return this;
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Build the record.
		 * @return the record
		 * @throws IllegalStateException if there is no value or no partition key
		 */
		public KinesisRecord build() {
			RecordValue value = value();
			if (value == null || this.partitionKey.isEmpty()) {
				throw new IllegalStateException("A Kinesis record for stream '" + this.stream + "' has no "
						+ ((value != null) ? "partition key" : "value; set 'utf8Value', 'value' or 'jsonValue'"));
			}
			return new KinesisRecord(this.stream, this.partitionKey, this.explicitHashKey, value);
		}

	}

}
