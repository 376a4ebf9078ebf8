package dev.statefun.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link ProtobufReading} predicts the behavior of protobuf-java for each pair
 * of types, singular and repeated.
 */
class ProtobufReadingTests {

	private static List<Pair> pairs() {
		List<Pair> pairs = new ArrayList<>();
		for (String syntax : List.of("proto3", "proto2")) {
			for (Type written : Type.values()) {
				for (Type read : Type.values()) {
					if (syntax.equals("proto2") || (written != Type.TYPE_GROUP && read != Type.TYPE_GROUP)) {
						pairs.add(new Pair(syntax, written, read, Label.OPTIONAL, Label.OPTIONAL));
						pairs.add(new Pair(syntax, written, read, Label.REPEATED, Label.REPEATED));
						pairs.add(new Pair(syntax, written, read, Label.OPTIONAL, Label.REPEATED));
						pairs.add(new Pair(syntax, written, read, Label.REPEATED, Label.OPTIONAL));
					}
				}
			}
		}
		return pairs;
	}

	// One test for all: there are thousands
	@Test
	void verdictMatchesTheWorstResult() throws Exception {
		assertThat(pairs()).hasSizeGreaterThan(100);
		List<String> others = new ArrayList<>();
		for (Pair pair : pairs()) {
			Verdict happened = happened(pair);
			Verdict predicted = predicted(pair);
			if (predicted != happened) {
				others.add(pair + ": predicted " + predicted + ", happened " + happened);
			}
		}
		assertThat(others).isEmpty();
	}

	private static Verdict happened(Pair pair) throws Exception {
		Descriptor writer = message(pair.syntax(), pair.written(), pair.from());
		Descriptor reader = message(pair.syntax(), pair.read(), pair.to());
		FieldDescriptor field = writer.findFieldByNumber(1);
		Verdict worst = Verdict.READABLE;
		for (Object value : values(field)) {
			// Some lists of two fill what one does not
			for (int times = 1; times <= (field.isRepeated() ? 2 : 1); times++) {
				DynamicMessage.Builder message = DynamicMessage.newBuilder(writer);
				if (field.isRepeated()) {
					message.setField(field, Collections.nCopies(times, value));
				}
				else {
					message.setField(field, value);
				}
				Verdict happened = read(message.build(), reader);
				worst = (happened.compareTo(worst) > 0) ? happened : worst;
			}
		}
		return worst;
	}

	private static @Nullable Verdict predicted(Pair pair) throws Exception {
		ProtobufField from = describe(message(pair.syntax(), pair.written(), pair.from()).findFieldByNumber(1));
		ProtobufField to = describe(message(pair.syntax(), pair.read(), pair.to()).findFieldByNumber(1));
		return ProtobufReading.type(to, describe(pair, pair.read()), from)
			.worst(ProtobufReading.label(to, from))
			.verdict();
	}

	private static Verdict read(DynamicMessage written, Descriptor reader) {
		try {
			DynamicMessage read = DynamicMessage.parseFrom(reader, written.toByteString());
			return text(written).equals(text(read)) ? Verdict.READABLE : Verdict.READABLE_WITH_LOSS;
		}
		catch (InvalidProtocolBufferException ex) {
			return Verdict.UNREADABLE;
		}
	}

	// Returns the field's value, independent of its type
	private static List<String> text(DynamicMessage message) {
		FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(1);
		List<String> texts = new ArrayList<>();
		if (field.isRepeated()) {
			((List<?>) message.getField(field)).forEach((value) -> texts.add(text(field, value)));
		}
		else if (message.hasField(field)) {
			texts.add(text(field, message.getField(field)));
		}
		return texts;
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
		if (value instanceof String text) {
			return ByteString.copyFromUtf8(text).toString(StandardCharsets.ISO_8859_1);
		}
		if (value instanceof DynamicMessage message) {
			return message.toByteString().toString(StandardCharsets.ISO_8859_1);
		}
		StringBuilder text = new StringBuilder();
		try {
			TextFormat.printer().printFieldValue(field, value, text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return text.toString();
	}

	private static List<?> values(FieldDescriptor field) {
		return switch (field.getType()) {
			case INT32, SINT32, SFIXED32, UINT32, FIXED32 -> List.of(1, 1000, -1, Integer.MIN_VALUE);
			case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> List.of(1L, 1000L, -1L, Long.MAX_VALUE);
			case FLOAT -> List.of(1f, -0.5f);
			case DOUBLE -> List.of(1d, -0.5d);
			case BOOL -> List.of(true);
			case STRING -> List.of("text", "\n", "1234567\u0001", "\u20ac");
			case BYTES -> List.of(ByteString.copyFromUtf8("text"), ByteString.fromHex("ff"), ByteString.fromHex("08c3"),
					ByteString.fromHex("80"));
			case ENUM -> {
				EnumDescriptor type = field.getEnumType();
				yield type.isClosed() ? List.of(type.findValueByNumber(1), type.findValueByNumber(-7))
						: List.of(type.findValueByNumber(1), type.findValueByNumber(-7),
								type.findValueByNumberCreatingIfUnknown(99));
			}
			case MESSAGE, GROUP -> {
				FieldDescriptor inner = field.getMessageType().findFieldByNumber(1);
				FieldDescriptor bytes = field.getMessageType().findFieldByNumber(2);
				yield List.of(DynamicMessage.newBuilder(field.getMessageType())
					.setField(bytes, ByteString.fromHex("80"))
					.build(), DynamicMessage.newBuilder(field.getMessageType()).setField(inner, -1).build());
			}
		};
	}

	private static Descriptor message(String syntax, Type type, Label label) throws Exception {
		FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
			.setName("value")
			.setNumber(1)
			.setType(type);
		DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("Message");
		boolean repeated = label == Label.REPEATED;
		field
			.setLabel(repeated ? FieldDescriptorProto.Label.LABEL_REPEATED : FieldDescriptorProto.Label.LABEL_OPTIONAL);
		if (!repeated && syntax.equals("proto3")) {
			field.setProto3Optional(true).setOneofIndex(0);
			message.addOneofDeclBuilder().setName("_value");
		}
		DescriptorProto inner = DescriptorProto.newBuilder()
			.setName("Value")
			.addField(FieldDescriptorProto.newBuilder()
				.setName("number")
				.setNumber(1)
				.setType(Type.TYPE_INT32)
				.setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL))
			.addField(FieldDescriptorProto.newBuilder()
				.setName("bytes")
				.setNumber(2)
				.setType(Type.TYPE_BYTES)
				.setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL))
			.build();
		EnumDescriptorProto constants = EnumDescriptorProto.newBuilder()
			.setName("Constants")
			.addValue(EnumValueDescriptorProto.newBuilder().setName("ZERO").setNumber(0))
			.addValue(EnumValueDescriptorProto.newBuilder().setName("ONE").setNumber(1))
			.addValue(EnumValueDescriptorProto.newBuilder().setName("NEGATIVE").setNumber(-7))
			.build();
		switch (type) {
			case TYPE_MESSAGE, TYPE_GROUP -> field.setTypeName(".Message.Value");
			case TYPE_ENUM -> field.setTypeName(".Constants");
			default -> {
			}
		}
		FileDescriptorProto file = FileDescriptorProto.newBuilder()
			.setName("message.proto")
			.setSyntax(syntax)
			.addMessageType(message.addField(field).addNestedType(inner))
			.addEnumType(constants)
			.build();
		return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Message");
	}

	private static ProtobufField describe(FieldDescriptor field) {
		return new ProtobufField("value", field.getType().name().toLowerCase(Locale.ROOT), null,
				field.isRepeated() ? Label.REPEATED : Label.OPTIONAL, null, field.needsUtf8Check(), field.isPacked());
	}

	private static @Nullable ProtobufEnum describe(Pair pair, Type type) {
		return (type == Type.TYPE_ENUM) ? new ProtobufEnum("Constants", pair.syntax().equals("proto2"),
				new TreeMap<>(Map.of(0, "ZERO", 1, "ONE", -7, "NEGATIVE"))) : null;
	}

	record Pair(String syntax, Type written, Type read, Label from, Label to) {

	}

}
