package dev.statefun.sdk.message;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Creates schemas of protobuf messages from their descriptors.
 */
final class ProtobufSchemas {

	private final SchemaDefinitions definitions;

	private ProtobufSchemas(SchemaDefinitions definitions) {
		this.definitions = definitions;
	}

	static Reference describe(Descriptor message, SchemaDefinitions definitions) {
		return new ProtobufSchemas(definitions).message(message);
	}

	private Reference message(Descriptor message) {
		return this.definitions.define(message.getFullName(), message, () -> {
			SortedMap<Integer, ProtobufField> fields = new TreeMap<>();
			message.getFields().forEach((field) -> fields.put(field.getNumber(), field(field)));
			return new ProtobufMessage(message.getFullName(), fields);
		});
	}

	private Reference enumeration(EnumDescriptor type) {
		return this.definitions.define(type.getFullName(), type, () -> {
			SortedMap<Integer, String> constants = new TreeMap<>();
			// An alias has the number of an earlier constant
			type.getValues().forEach((constant) -> constants.putIfAbsent(constant.getNumber(), constant.getName()));
			return new ProtobufEnum(type.getFullName(), type.isClosed(), constants);
		});
	}

	private ProtobufField field(FieldDescriptor field) {
		OneofDescriptor oneof = field.getRealContainingOneof();
		return new ProtobufField(field.getName(), field.getType().name().toLowerCase(Locale.ROOT), referenced(field),
				label(field), (oneof != null) ? oneof.getName() : null, field.needsUtf8Check(), field.isPacked());
	}

	private @Nullable Reference referenced(FieldDescriptor field) {
		return switch (field.getJavaType()) {
			case MESSAGE -> message(field.getMessageType());
			case ENUM -> enumeration(field.getEnumType());
			default -> null;
		};
	}

	private static Label label(FieldDescriptor field) {
		if (field.isMapField()) {
			return Label.MAP;
		}
		if (field.isRepeated()) {
			return Label.REPEATED;
		}
		if (field.isRequired()) {
			return Label.REQUIRED;
		}
		return field.hasPresence() ? Label.OPTIONAL : Label.IMPLICIT;
	}

}
