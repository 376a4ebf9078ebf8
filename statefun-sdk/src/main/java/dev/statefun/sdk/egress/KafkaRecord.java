package dev.statefun.sdk.egress;

import java.util.Objects;

import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.protocol.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * A record for the cluster's Kafka egress: topic, value and an optional key (protocol.md
 * §1, KafkaProducerRecord). Immutable, except for an object given to
 * {@link Builder#jsonValue}.
 *
 * <pre class="code">
 * context.sendEgress("example/greets",
 * 		KafkaRecord.forTopic("greetings").key(id).utf8Value("Hello").build());
 * </pre>
 *
 * @since 0.1.0
 */
public final class KafkaRecord extends EgressRecord {

	private static final byte[] TYPENAME_V2 = Utf8
		.encode("type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord");

	private static final byte[] TYPENAME_V3 = Utf8
		.encode("type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord");

	private final String topic;

	private final String key;

	private final RecordValue value;

	private KafkaRecord(String topic, String key, RecordValue value) {
		this.topic = topic;
		this.key = key;
		this.value = value;
	}

	/**
	 * Start a record.
	 * @param topic the topic; must not be empty
	 * @return a builder
	 * @throws IllegalArgumentException if the topic is empty
	 */
	public static Builder forTopic(String topic) {
		return new Builder(EgressRecordBuilder.requireText(topic, "topic"));
	}

	@Override
	public byte[] typenameUtf8(Dialect dialect) {
		return (dialect == Dialect.V2) ? TYPENAME_V2 : TYPENAME_V3;
	}

	@Override
	public byte[] encode(@Nullable JsonEncoder json, byte[] headers) {
		byte[] bytes = this.value.encode(json);
		int keyLength = Utf8.length(this.key);
		int topicLength = Utf8.length(this.topic);
		WireWriter writer = new WireWriter(keyLength + bytes.length + topicLength + headers.length + 30);
		writer.writeOptionalText(0x0a, this.key, keyLength);
		writer.writeOptionalBytes(0x12, bytes);
		writer.writeOptionalText(0x1a, this.topic, topicLength);
		writer.writeRaw(headers);
		return writer.toByteArray();
	}

	/**
	 * Builds a record. Not thread-safe.
	 */
	public static final class Builder extends EgressRecordBuilder<Builder> {

		private final String topic;

		private String key = "";

		private Builder(String topic) {
			this.topic = topic;
		}

		/**
		 * Set the key. Clusters carry it as text; an empty one means no key (protocol.md
		 * §7.4).
		 * @param key the key
		 * @return this builder
		 */
		public Builder key(String key) {
			this.key = Objects.requireNonNull(key, "'key' must not be null");
			return this;
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Build the record.
		 * @return the record
		 * @throws IllegalStateException if there is no value
		 */
		public KafkaRecord build() {
			RecordValue value = value();
			if (value == null) {
				throw new IllegalStateException("A Kafka record for topic '" + this.topic
						+ "' has no value; set 'utf8Value', 'value' or 'jsonValue'");
			}
			return new KafkaRecord(this.topic, this.key, value);
		}

	}

}
