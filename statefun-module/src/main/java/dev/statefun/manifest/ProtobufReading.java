package dev.statefun.manifest;

import java.util.Map;
import java.util.Set;

import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import org.jspecify.annotations.Nullable;

/**
 * Determines how protobuf-java reads a field that was written as another type.
 * {@code ProtobufReadingTests} compares it with protobuf-java.
 */
final class ProtobufReading {

	private static final int VARINT = 0;

	private static final int EIGHT_BYTES = 1;

	private static final int LENGTH = 2;

	private static final int GROUP = 3;

	private static final int FOUR_BYTES = 5;

	/** Types that each type reads without a change. */
	private static final Map<String, Set<String>> EXACTLY = Map.of("int64", Set.of("int32", "uint32", "bool", "enum"),
			"uint64", Set.of("uint32", "bool"), "int32", Set.of("bool", "enum"), "uint32", Set.of("bool"), "sint64",
			Set.of("sint32"), "enum", Set.of("int32", "bool"), "bytes", Set.of("string", "message"));

	private ProtobufReading() {
	}

	static Reads type(ProtobufField reader, @Nullable ProtobufEnum expected, ProtobufField writer) {
		String from = writer.type();
		String to = reader.type();
		if (from.equals(to)) {
			return (to.equals("string") && reader.checked() && !writer.checked())
					? Reads.not("text that is not UTF-8 is refused") : Reads.ALL;
		}
		int written = form(from);
		int read = form(to);
		int form = writer.packed() ? LENGTH : written;
		boolean list = isList(reader);
		if (list && read != LENGTH && written == read) {
			// Both forms are read: one by one, and packed
			form = read;
		}
		if (form != read) {
			if (list && writer.packed() && written == EIGHT_BYTES && read == FOUR_BYTES) {
				return Reads.lossy("each number is read as two");
			}
			return (list && form == LENGTH && read != GROUP) ? Reads.not("its bytes are taken for packed numbers")
					: Reads.lossy("it has another form on the wire, and is set aside with the unknown fields");
		}
		return switch (to) {
			case "enum" -> {
				boolean known = expected == null || !expected.closed()
						|| (from.equals("bool") && expected.constants().keySet().containsAll(Set.of(0, 1)));
				yield known ? exactly(to, from) : Reads.lossy("unknown constants are set aside");
			}
			case "message", "group" -> Reads.not("its bytes need not be a message");
			case "string" ->
				(reader.checked() && !from.equals("bool")) ? Reads.not("bytes that are not UTF-8 are refused")
						: Reads.lossy("bytes that are not UTF-8 are read as others");
			default -> exactly(to, from);
		};
	}

	// Wire form of a type: values of another form are treated as unknown fields
	private static int form(String type) {
		return switch (type) {
			case "int32", "int64", "uint32", "uint64", "sint32", "sint64", "bool", "enum" -> VARINT;
			case "fixed64", "sfixed64", "double" -> EIGHT_BYTES;
			case "string", "bytes", "message" -> LENGTH;
			case "group" -> GROUP;
			case "fixed32", "sfixed32", "float" -> FOUR_BYTES;
			default -> throw new IllegalArgumentException("No protobuf field has the type '" + type + "'");
		};
	}

	private static Reads exactly(String to, String from) {
		return EXACTLY.getOrDefault(to, Set.of()).contains(from) ? Reads.ALL
				: Reads.lossy("some values are read as others");
	}

	static Reads label(ProtobufField reader, ProtobufField writer) {
		if (reader.label() == writer.label()) {
			return Reads.ALL;
		}
		if (reader.label() == Label.REQUIRED) {
			return Reads.not("it is required");
		}
		boolean one = isOne(writer);
		if (isOne(reader)) {
			if (!one) {
				return Reads.lossy("of several values one is read, or none");
			}
			return (reader.label() == Label.IMPLICIT) ? Reads.lossy("absent is read as zero or empty") : Reads.ALL;
		}
		return (reader.label() == Label.MAP && !one) ? Reads.lossy("of equal keys the last one is read") : Reads.ALL;
	}

	private static boolean isOne(ProtobufField field) {
		return field.label() != Label.REPEATED && field.label() != Label.MAP;
	}

	private static boolean isList(ProtobufField field) {
		return !isOne(field);
	}

}
