package dev.statefun.console.payload;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.statefun.console.http.JsonObject;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * Creates an example of the JSON of a message type, ready to be edited.
 *
 * @since 0.1.0
 */
public final class Examples {

	private static final int MAX_DEPTH = 4;

	private static final Map<String, Object> WELL_KNOWN = Map.ofEntries(
			Map.entry("google.protobuf.Timestamp", "2026-01-01T00:00:00Z"), Map.entry("google.protobuf.Duration", "1s"),
			Map.entry("google.protobuf.FieldMask", ""), Map.entry("google.protobuf.Empty", Map.of()),
			Map.entry("google.protobuf.Struct", Map.of()), Map.entry("google.protobuf.ListValue", List.of()),
			Map.entry("google.protobuf.Value", ""), Map.entry("google.protobuf.StringValue", ""),
			Map.entry("google.protobuf.BytesValue", ""), Map.entry("google.protobuf.BoolValue", false),
			Map.entry("google.protobuf.Int32Value", 0), Map.entry("google.protobuf.UInt32Value", 0),
			Map.entry("google.protobuf.Int64Value", "0"), Map.entry("google.protobuf.UInt64Value", "0"),
			Map.entry("google.protobuf.FloatValue", 0), Map.entry("google.protobuf.DoubleValue", 0),
			Map.entry("google.protobuf.Any",
					Map.of("@type", "type.googleapis.com/google.protobuf.Empty", "value", Map.of())));

	private static final Map<String, String> NAMED = Map.of("java.time.Instant", "2026-01-01T00:00:00Z",
			"java.time.LocalDate", "2026-01-01", "java.time.LocalDateTime", "2026-01-01T00:00:00",
			"java.time.OffsetDateTime", "2026-01-01T00:00:00Z", "java.time.ZonedDateTime", "2026-01-01T00:00:00Z",
			"java.time.LocalTime", "12:00:00", "java.time.Duration", "PT1S", "java.util.UUID",
			"00000000-0000-0000-0000-000000000000", "java.net.URI", "https://example.com", "java.util.Currency", "EUR");

	private final SortedMap<String, ValueSchema> definitions;

	private Examples(SortedMap<String, ValueSchema> definitions) {
		this.definitions = definitions;
	}

	/**
	 * Create an example.
	 * @param mapping mapping of the message type
	 * @return the JSON in several lines, or a text for a type of texts
	 */
	public static String of(MessageMapping<?> mapping) {
		Class<?> type = mapping.valueClass();
		if (type == String.class) {
			return "";
		}
		Object example = Message.class.isAssignableFrom(type) ? protobuf(type) : bySchema(mapping);
		return JsonObject.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(example);
	}

	private static Object protobuf(Class<?> type) {
		try {
			Message message = (Message) type.getMethod("getDefaultInstance").invoke(null);
			return (message instanceof Any) ? Map.of() : message(message.getDescriptorForType(), 0);
		}
		catch (ReflectiveOperationException ex) {
			return Map.of();
		}
	}

	private static Object message(Descriptor type, int depth) {
		Object known = WELL_KNOWN.get(type.getFullName());
		if (known != null) {
			return known;
		}
		Map<String, Object> fields = new LinkedHashMap<>();
		for (FieldDescriptor field : type.getFields()) {
			boolean another = field.getRealContainingOneof() != null
					&& field.getRealContainingOneof().getFields().get(0) != field;
			boolean deep = depth >= MAX_DEPTH && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
			if (!another && !deep) {
				fields.put(field.getJsonName(), field(field, depth));
			}
		}
		return fields;
	}

	private static Object field(FieldDescriptor field, int depth) {
		if (field.isMapField()) {
			return Map.of();
		}
		Object value = switch (field.getJavaType()) {
			case MESSAGE -> message(field.getMessageType(), depth + 1);
			case ENUM -> field.getEnumType().getValues().get(0).getName();
			case BOOLEAN -> false;
			case STRING, BYTE_STRING -> "";
			// JSON of protobuf has integers of 64 bits as texts
			case LONG -> "0";
			case INT, FLOAT, DOUBLE -> 0;
		};
		return field.isRepeated() ? List.of(value) : value;
	}

	private static @Nullable Object bySchema(MessageMapping<?> mapping) {
		SchemaDefinitions definitions = new SchemaDefinitions();
		ValueSchema schema = mapping.codec().schema(definitions);
		return new Examples(definitions.all()).of(schema, 0);
	}

	private @Nullable Object of(ValueSchema schema, int depth) {
		if (depth > MAX_DEPTH) {
			return null;
		}
		if (schema instanceof ValueSchema.Scalar scalar) {
			return scalar(scalar.kind());
		}
		if (schema instanceof ValueSchema.Named named) {
			Object text = NAMED.get(named.type());
			return (text != null) ? text : scalar(named.writtenAs());
		}
		if (schema instanceof ValueSchema.Enumeration enumeration) {
			Iterator<String> constants = enumeration.constants().keySet().iterator();
			return constants.hasNext() ? constants.next() : "";
		}
		if (schema instanceof ValueSchema.Sequence sequence) {
			Object element = of(sequence.element().schema(), depth + 1);
			return (element != null) ? List.of(element) : List.of();
		}
		if (schema instanceof ValueSchema.Maybe maybe) {
			return of(maybe.value(), depth + 1);
		}
		if (schema instanceof ValueSchema.Reference reference) {
			ValueSchema referred = this.definitions.get(reference.name());
			return (referred != null) ? of(referred, depth + 1) : null;
		}
		if (schema instanceof ValueSchema.Structure structure) {
			return structure(structure, depth);
		}
		return (schema instanceof ValueSchema.Alternatives alternatives) ? alternatives(alternatives, depth) : Map.of();
	}

	private static Object scalar(ScalarKind kind) {
		return switch (kind) {
			case BOOLEAN -> false;
			case BYTE, SHORT, INT, LONG, BIG_INTEGER, FLOAT, DOUBLE, DECIMAL -> 0;
			case CHARACTER -> "a";
			case TEXT, BINARY -> "";
		};
	}

	private Map<String, @Nullable Object> structure(ValueSchema.Structure structure, int depth) {
		Map<String, @Nullable Object> properties = new LinkedHashMap<>();
		structure.properties().forEach((name, property) -> {
			if (property.read()) {
				properties.put(name, of(property.content().schema(), depth + 1));
			}
		});
		return properties;
	}

	private @Nullable Object alternatives(ValueSchema.Alternatives alternatives, int depth) {
		for (Map.Entry<String, ValueSchema> subtype : alternatives.subtypes().entrySet()) {
			Map<String, @Nullable Object> marked = new LinkedHashMap<>();
			if (!alternatives.discriminator().isEmpty()) {
				marked.put(alternatives.discriminator(), subtype.getKey());
			}
			if (of(subtype.getValue(), depth + 1) instanceof Map<?, ?> properties) {
				properties.forEach((name, value) -> marked.putIfAbsent(String.valueOf(name), value));
			}
			return marked;
		}
		return new ArrayList<>();
	}

}
