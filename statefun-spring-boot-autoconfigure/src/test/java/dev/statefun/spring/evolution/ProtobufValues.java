package dev.statefun.spring.evolution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.statefun.manifest.Verdict;

/**
 * Values of a message: each field with its extreme values, alone and with all others.
 */
final class ProtobufValues {

	private final Message empty;

	ProtobufValues(Class<? extends Message> type) {
		try {
			this.empty = (Message) type.getMethod("getDefaultInstance").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	List<Message> all() {
		return all(this.empty);
	}

	private static List<Message> all(Message empty) {
		List<Message> values = new ArrayList<>();
		Message.Builder full = empty.newBuilderForType();
		for (FieldDescriptor field : empty.getDescriptorForType().getFields()) {
			for (Object value : values(empty, field)) {
				full.setField(field, value);
			}
		}
		values.add(full.build());
		for (FieldDescriptor field : empty.getDescriptorForType().getFields()) {
			for (Object value : values(empty, field)) {
				// Required fields are never absent
				Message.Builder builder = full.clone();
				empty.getDescriptorForType()
					.getFields()
					.stream()
					.filter((other) -> !other.isRequired())
					.forEach(builder::clearField);
				values.add(builder.setField(field, value).build());
			}
		}
		return values;
	}

	private static List<?> values(Message message, FieldDescriptor field) {
		List<?> one = single(message, field);
		if (!field.isRepeated()) {
			return one;
		}
		List<Object> lists = new ArrayList<>(one.stream().map((value) -> List.of(value)).toList());
		lists.add(one);
		if (!field.isMapField()) {
			lists.add(List.of(one.get(0), one.get(0)));
		}
		return lists;
	}

	private static List<?> single(Message message, FieldDescriptor field) {
		return switch (field.getType()) {
			case INT32, SINT32 -> List.of(1, -1, 0);
			case INT64 -> List.of(1L, Long.MAX_VALUE);
			case BOOL -> List.of(true);
			case STRING -> List.of("text", "€", "");
			case BYTES -> List.of(ByteString.copyFromUtf8("text"), ByteString.fromHex("ff"));
			case ENUM -> field.getEnumType().getValues();
			case MESSAGE -> all(message.newBuilderForType().newBuilderForField(field).getDefaultInstanceForType());
			default -> throw new IllegalArgumentException("No values for " + field);
		};
	}

	/**
	 * Compare a message with the message that another release wrote after reading it.
	 * @param writer type of the written message
	 * @param reader type that has read it
	 * @param written the bytes that were written
	 * @param again the bytes that were written again
	 * @return whether the reader has seen all fields that it declares, and kept the
	 * others
	 */
	static Verdict compare(ProtobufValues writer, ProtobufValues reader, byte[] written, byte[] again) {
		try {
			Message one = writer.empty.getParserForType().parseFrom(written);
			Message kept = writer.empty.getParserForType().parseFrom(again);
			Message seen = reader.empty.getParserForType().parseFrom(again);
			return (isKept(one, kept, seen.getDescriptorForType()) && isSeen(one, seen)) ? Verdict.READABLE
					: Verdict.READABLE_WITH_LOSS;
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// Fields that the reader does not declare; how it writes the others does not matter
	private static boolean isKept(Message written, Message again, Descriptor reader) {
		for (Map.Entry<FieldDescriptor, Object> field : written.getAllFields().entrySet()) {
			FieldDescriptor read = reader.findFieldByNumber(field.getKey().getNumber());
			if (read == null && !field.getValue().equals(again.getField(field.getKey()))) {
				return false;
			}
			if (read != null && field.getValue() instanceof Message one && read.getJavaType() == JavaType.MESSAGE
					&& !isKept(one, (Message) again.getField(field.getKey()), read.getMessageType())) {
				return false;
			}
		}
		return true;
	}

	private static boolean isSeen(Message written, Message seen) {
		for (Map.Entry<FieldDescriptor, Object> field : written.getAllFields().entrySet()) {
			FieldDescriptor other = seen.getDescriptorForType().findFieldByNumber(field.getKey().getNumber());
			// Map entries contain zeros, too
			boolean zero = !field.getKey().hasPresence() && !field.getKey().isRepeated()
					&& field.getValue().equals(field.getKey().getDefaultValue());
			if (other != null && !zero && !isSeen(list(field.getValue()), field.getKey(), list(seen, other), other)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isSeen(List<?> written, FieldDescriptor field, List<?> seen, FieldDescriptor other) {
		if (written.size() != seen.size()) {
			return false;
		}
		for (int i = 0; i < written.size(); i++) {
			boolean same = (written.get(i) instanceof Message one && seen.get(i) instanceof Message two)
					? isSeen(one, two) : text(field, written.get(i)).equals(text(other, seen.get(i)));
			if (!same) {
				return false;
			}
		}
		return true;
	}

	// Zero is absent where the field has no presence
	private static List<?> list(Message message, FieldDescriptor field) {
		return message.getAllFields().containsKey(field) ? list(message.getField(field)) : List.of();
	}

	private static List<?> list(Object value) {
		return (value instanceof List<?> list) ? list : List.of(value);
	}

	private static String text(FieldDescriptor field, Object value) {
		if (value instanceof EnumValueDescriptor constant) {
			return "" + constant.getNumber();
		}
		if (value instanceof Boolean flag) {
			return flag ? "1" : "0";
		}
		if (value instanceof ByteString bytes) {
			return bytes.toString(StandardCharsets.ISO_8859_1);
		}
		if (value instanceof Message message) {
			return text(field, message.toByteString());
		}
		return (value instanceof String text) ? text(field, ByteString.copyFromUtf8(text)) : number(field, value);
	}

	// As protobuf prints it: without a sign if the type has none
	private static String number(FieldDescriptor field, Object value) {
		StringBuilder text = new StringBuilder();
		try {
			TextFormat.printer().printFieldValue(field, value, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return text.toString();
	}

}
