package dev.statefun.flinktests;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;

/**
 * A {@code KafkaProducerRecord}: the fields are the same in all releases.
 *
 * @param key the key
 * @param bytes the value
 * @param topic the topic
 */
record KafkaRecord(String key, ByteString bytes, String topic) {

	static KafkaRecord parse(ByteString bytes) {
		try {
			UnknownFieldSet fields = UnknownFieldSet.parseFrom(bytes);
			return new KafkaRecord(bytes(fields, 1).toStringUtf8(), bytes(fields, 2), bytes(fields, 3).toStringUtf8());
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException("Not a Kafka record: " + bytes, ex);
		}
	}

	String value() {
		return this.bytes.toStringUtf8();
	}

	private static ByteString bytes(UnknownFieldSet fields, int number) {
		return ByteString.copyFrom(fields.getField(number).getLengthDelimitedList());
	}

}
