package dev.statefun.sdk.egress;

import java.util.Objects;

import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * Base class of the builders of records, with the methods that set the value. Not
 * thread-safe.
 *
 * @param <B> type of the builder
 * @since 0.1.0
 */
public abstract class EgressRecordBuilder<B> {

	private @Nullable RecordValue value;

	EgressRecordBuilder() {
	}

	static String requireText(String value, String name) {
		Objects.requireNonNull(value, () -> "'" + name + "' must not be null");
		if (value.isEmpty()) {
			throw new IllegalArgumentException("'" + name + "' must not be empty");
		}
		return value;
	}

	abstract B self();

	final @Nullable RecordValue value() {
		return this.value;
	}

	final B encodedValue(RecordValue value) {
		this.value = value;
		return self();
	}

	/**
	 * Set the value to a text in UTF-8, without an envelope.
	 * @param value the text
	 * @return this builder
	 * @throws IllegalArgumentException if the text has an unpaired surrogate
	 */
	public final B utf8Value(String value) {
		this.value = RecordValue.ofText(value);
		return self();
	}

	/**
	 * Set the value to unchanged bytes.
	 * @param value the bytes, which are copied
	 * @return this builder
	 */
	public final B value(byte[] value) {
		this.value = RecordValue.ofBytes(value);
		return self();
	}

	/**
	 * Set the value to the bytes of a protobuf message, without an envelope.
	 * @param value the message
	 * @return this builder
	 */
	public final B value(Message value) {
		this.value = RecordValue.ofMessage(value);
		return self();
	}

	/**
	 * Set the value to a primitive in StateFun's own encoding (protocol.md §8), for
	 * consumers with a StateFun SDK. For plain text use {@link #utf8Value}.
	 * @param value a {@code Boolean}, {@code Integer}, {@code Long}, {@code Float},
	 * {@code Double} or {@code String}
	 * @return this builder
	 * @throws IllegalArgumentException if the value is of another type
	 */
	public final B primitiveValue(Object value) {
		this.value = RecordValue.ofPrimitive(value);
		return self();
	}

	/**
	 * Set the value to the JSON form of an object, written when the record is sent.
	 * @param value the object, of any type that the JSON writer supports
	 * @return this builder
	 * @throws IllegalArgumentException if the object is a protobuf message
	 */
	public final B jsonValue(Object value) {
		this.value = RecordValue.ofJson(value);
		return self();
	}

}
