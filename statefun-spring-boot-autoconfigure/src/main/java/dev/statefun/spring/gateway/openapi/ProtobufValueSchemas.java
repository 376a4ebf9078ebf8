package dev.statefun.spring.gateway.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Describes the JSON of protobuf messages, in the form that is written.
 */
final class ProtobufValueSchemas {

	private static final String PACKAGE = "google.protobuf.";

	private final ComponentSchemas components;

	ProtobufValueSchemas(ComponentSchemas components) {
		this.components = components;
	}

	Map<String, Object> of(Descriptor message) {
		Map<String, Object> own = message.getFullName().startsWith(PACKAGE)
				? ofWellKnown(message.getFullName().substring(PACKAGE.length())) : null;
		return (own != null) ? own
				: this.components.refer(message.getFullName(), message.getFullName(), () -> fields(message));
	}

	// Messages with a form of their own in JSON
	private static @Nullable Map<String, Object> ofWellKnown(String name) {
		return switch (name) {
			case "Timestamp" -> typed("string", "format", "date-time");
			case "Duration", "FieldMask" -> Map.of("type", "string");
			case "Struct" -> Map.of("type", "object");
			case "ListValue" -> Map.of("type", "array");
			case "Any" -> typed("object", "required", List.of("@type"));
			case "Value" -> Map.of();
			case "BoolValue" -> nullable("boolean");
			case "StringValue", "BytesValue", "Int64Value", "UInt64Value" -> nullable("string");
			case "Int32Value", "UInt32Value" -> nullable("integer");
			case "FloatValue", "DoubleValue" -> nullable("number");
			default -> null;
		};
	}

	private static Map<String, Object> nullable(String type) {
		return Map.of("type", List.of(type, "null"));
	}

	private static Map<String, Object> typed(String type, String keyword, Object value) {
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("type", type);
		schema.put(keyword, value);
		return schema;
	}

	private Map<String, Object> fields(Descriptor message) {
		Map<String, Object> properties = new LinkedHashMap<>();
		List<String> required = new ArrayList<>();
		for (FieldDescriptor field : message.getFields()) {
			properties.put(field.getJsonName(), field(field));
			if (field.isRequired()) {
				required.add(field.getJsonName());
			}
		}
		Map<String, Object> schema = typed("object", "properties", properties);
		if (!required.isEmpty()) {
			schema.put("required", required);
		}
		return schema;
	}

	private Map<String, Object> field(FieldDescriptor field) {
		if (field.isMapField()) {
			return typed("object", "additionalProperties", value(field.getMessageType().findFieldByNumber(2)));
		}
		return field.isRepeated() ? typed("array", "items", value(field)) : value(field);
	}

	private Map<String, Object> value(FieldDescriptor field) {
		return switch (field.getType()) {
			case BOOL -> Map.of("type", "boolean");
			case STRING -> Map.of("type", "string");
			case BYTES -> typed("string", "contentEncoding", "base64");
			case INT32, SINT32, SFIXED32 -> typed("integer", "format", "int32");
			case UINT32, FIXED32 -> typed("integer", "minimum", 0);
			// Numbers are read too, but many clients can't write all of them
			case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> typed("string", "pattern", "^-?[0-9]+$");
			case FLOAT, DOUBLE -> Map.of("type", List.of("number", "string"));
			case ENUM -> enumeration(field.getEnumType());
			case MESSAGE, GROUP -> of(field.getMessageType());
		};
	}

	private static Map<String, Object> enumeration(EnumDescriptor type) {
		if (type.getFullName().equals(PACKAGE + "NullValue")) {
			return Map.of("type", "null");
		}
		return typed("string", "enum", type.getValues().stream().map(EnumValueDescriptor::getName).toList());
	}

}
