package dev.statefun.flinktests;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;

/**
 * A {@code KafkaProducerRecord}: the fields are the same in all releases.
 *
 * @param key the key
 * @param value the value as text
 * @param topic the topic
 */
record KafkaRecord(String key, String value, String topic) {

	static KafkaRecord parse(ByteString bytes) {
		try {
			UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
			return new KafkaRecord(text(fields, 1), text(fields, 2), text(fields, 3));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("Not a Kafka record: " + bytes, ex);
		}
	}

	private static String text(UnknownFieldSet fields, int number) {
		StringBuilder text = new StringBuilder();
		for (ByteString value : fields.getField(number).getLengthDelimitedList()) {
			text.append(value.toStringUtf8());
		}
		return text.toString();
	}

}
