package dev.statefun.test;

import java.util.Set;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A record that a function sent to a Kafka egress.
 *
 * @param topic the topic
 * @param key the key, or empty if it has none
 * @param value bytes of the value
 * @since 0.1.0
 */
public record SentKafkaRecord(String topic, String key, ByteString value) {

	private static final Set<String> TYPENAMES = Set.of(
			"type.googleapis.com/org.apache.flink.statefun.flink.io.KafkaProducerRecord",
			"type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord");

	// protocol.md §1, KafkaProducerRecord; null if it is another record
	static @Nullable SentKafkaRecord from(Any record) {
		RecordFields fields = TYPENAMES.contains(record.getTypeUrl()) ? RecordFields.of(record) : null;
		return (fields != null) ? new SentKafkaRecord(fields.text(3), fields.text(1), fields.bytes(2)) : null;
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
		return "Kafka record for topic '" + this.topic + "', "
				+ (this.key.isEmpty() ? "no key" : "key '" + this.key + "'") + ": " + Decoder.show(this.value);
	}

}
