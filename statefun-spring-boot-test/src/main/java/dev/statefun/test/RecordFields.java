package dev.statefun.test;

import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import org.jspecify.annotations.Nullable;

/**
 * Fields of an egress record by their numbers.
 *
 * @param fields the fields
 */
record RecordFields(UnknownFieldSet fields) {

	// Null if the record is not a protobuf message, whatever its type name
	static @Nullable RecordFields of(Any record) {
		try {
			return new RecordFields(UnknownFieldSet.parseFrom(record.getValue()));
		}
		catch (InvalidProtocolBufferException ex) {
			return null;
		}
	}

	ByteString bytes(int number) {
		List<ByteString> values = this.fields.getField(number).getLengthDelimitedList();
		return values.isEmpty() ? ByteString.EMPTY : values.get(values.size() - 1);
	}

	String text(int number) {
		return bytes(number).toStringUtf8();
	}

}
