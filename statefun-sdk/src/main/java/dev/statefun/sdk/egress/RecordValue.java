package dev.statefun.sdk.egress;

import java.util.Objects;

import com.google.protobuf.Message;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Value of an egress record: bytes, or an object that is encoded when it is sent.
 */
sealed interface RecordValue {

	byte[] encode(@Nullable JsonEncoder json);

	static RecordValue ofText(String value) {
		return new Bytes(Utf8.encode(Objects.requireNonNull(value, "'value' must not be null")));
	}

	static RecordValue ofBytes(byte[] value) {
		return new Bytes(Objects.requireNonNull(value, "'value' must not be null").clone());
	}

	static RecordValue ofMessage(Message value) {
		return new Bytes(Objects.requireNonNull(value, "'value' must not be null").toByteArray());
	}

	static RecordValue ofMessage(MessageMapping<Object> mapping, Object value) {
		return new Mapped(mapping, value);
	}

	static RecordValue ofPrimitive(Object value) {
		return new Bytes(MessageMappings.encodePrimitive(Objects.requireNonNull(value, "'value' must not be null")));
	}

	static RecordValue ofJson(Object value) {
		Objects.requireNonNull(value, "'value' must not be null");
		if (value instanceof Message) {
			throw new IllegalArgumentException("Protobuf message '" + value.getClass().getName()
					+ "' has no JSON form here; give it to 'value', or print it with protobuf's JsonFormat "
					+ "and give the text to 'utf8Value'");
		}
		return new Json(value);
	}

	/**
	 * A value that is already encoded.
	 */
	final class Bytes implements RecordValue {

		private final byte[] bytes;

		private Bytes(byte[] bytes) {
			this.bytes = bytes;
		}

		@Override
		public byte[] encode(@Nullable JsonEncoder json) {
			return this.bytes;
		}

	}

	/**
	 * An object that is yet to be written by its codec.
	 *
	 * @param mapping has the codec
	 * @param object the object
	 */
	record Mapped(MessageMapping<Object> mapping, Object object) implements RecordValue {

		@Override
		public byte[] encode(@Nullable JsonEncoder json) {
			try {
				return this.mapping.codec().encode(this.object);
			}
			catch (Exception ex) {
				throw new IllegalStateException("A record value of type '" + this.object.getClass().getName()
						+ "' can't be encoded as '" + this.mapping.typename() + "'", ex);
			}
		}

	}

	/**
	 * An object that is yet to be written as JSON.
	 *
	 * @param object the object
	 */
	record Json(Object object) implements RecordValue {

		@Override
		public byte[] encode(@Nullable JsonEncoder json) {
			if (json == null) {
				throw new IllegalStateException("No JSON writer for a record value of type '"
						+ this.object.getClass().getName() + "'; set one with StatefulFunctions.Builder.json "
						+ "(the Spring Boot starter does so if there is a JsonMapper)");
			}
			try {
				return json.encode(this.object);
			}
			catch (Exception ex) {
				throw new IllegalStateException(
						"A record value of type '" + this.object.getClass().getName() + "' can't be written as JSON",
						ex);
			}
		}

	}

}
