package dev.statefun.spring.gateway.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Alternatives;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Enumeration;
import dev.statefun.sdk.schema.ValueSchema.Mapping;
import dev.statefun.sdk.schema.ValueSchema.Maybe;
import dev.statefun.sdk.schema.ValueSchema.Named;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;

/**
 * Describes the JSON of one message type, as it is read or written. What is not known is
 * left open.
 */
final class JsonValueSchemas {

	private static final Map<String, Object> ANYTHING = Map.of();

	private final ComponentSchemas components;

	private final SortedMap<String, ValueSchema> definitions;

	/** Names are unique within one message type only. */
	private final String typename;

	private final boolean written;

	private JsonValueSchemas(ComponentSchemas components, SortedMap<String, ValueSchema> definitions, String typename,
			boolean written) {
		this.components = components;
		this.definitions = definitions;
		this.typename = typename;
		this.written = written;
	}

	/**
	 * Describe what is read.
	 * @param codec codec of the messages
	 * @param components takes the schemas that are referred to
	 * @return the schema
	 */
	static Map<String, Object> read(MessageCodec<?> codec, ComponentSchemas components) {
		SchemaDefinitions definitions = new SchemaDefinitions();
		ValueSchema schema = codec.schema(definitions);
		return new JsonValueSchemas(components, definitions.all(), codec.typename(), false).of(schema);
	}

	/**
	 * Describe what is written. Where the same properties are read, both have one schema,
	 * which may allow more than is written.
	 * @param codec codec of the messages
	 * @param components takes the schemas that are referred to
	 * @return the schema
	 */
	static Map<String, Object> written(MessageCodec<?> codec, ComponentSchemas components) {
		SchemaDefinitions definitions = new SchemaDefinitions();
		ValueSchema schema = codec.schema(definitions);
		boolean written = !isWrittenAsRead(schema, definitions.all(), codec.typename());
		return new JsonValueSchemas(components, definitions.all(), codec.typename(), written).of(schema);
	}

	private static boolean isWrittenAsRead(ValueSchema schema, SortedMap<String, ValueSchema> definitions,
			String typename) {
		ComponentSchemas read = new ComponentSchemas();
		ComponentSchemas written = new ComponentSchemas();
		return new JsonValueSchemas(read, definitions, typename, false).of(schema)
			.equals(new JsonValueSchemas(written, definitions, typename, true).of(schema))
				&& read.all().equals(written.all());
	}

	private Map<String, Object> of(ValueSchema schema) {
		if (schema instanceof Scalar scalar) {
			return scalar(scalar.kind());
		}
		if (schema instanceof Named named) {
			return scalar(named.writtenAs());
		}
		if (schema instanceof Enumeration enumeration) {
			return enumeration(enumeration);
		}
		if (schema instanceof Sequence sequence) {
			return typed("array", "items", content(sequence.element()));
		}
		if (schema instanceof Mapping mapping) {
			return typed("object", "additionalProperties", content(mapping.value()));
		}
		if (schema instanceof Maybe maybe) {
			return orNull(of(maybe.value()));
		}
		if (schema instanceof Reference reference) {
			return reference(reference);
		}
		if (schema instanceof Structure structure) {
			return structure(structure);
		}
		return (schema instanceof Alternatives alternatives) ? alternatives(alternatives) : ANYTHING;
	}

	private static Map<String, Object> scalar(ScalarKind kind) {
		return switch (kind) {
			case BOOLEAN -> Map.of("type", "boolean");
			case BYTE, SHORT, BIG_INTEGER -> Map.of("type", "integer");
			case INT -> typed("integer", "format", "int32");
			case LONG -> typed("integer", "format", "int64");
			case FLOAT, DOUBLE, DECIMAL -> Map.of("type", "number");
			case CHARACTER -> typed("string", "maxLength", 1);
			case TEXT -> Map.of("type", "string");
			case BINARY -> typed("string", "contentEncoding", "base64");
		};
	}

	private static Map<String, Object> typed(String type, String keyword, Object value) {
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("type", type);
		schema.put(keyword, value);
		return schema;
	}

	private static Map<String, Object> orNull(Map<String, Object> schema) {
		return schema.isEmpty() ? schema : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
	}

	private static Map<String, Object> enumeration(Enumeration enumeration) {
		if (enumeration.unknown() != Unknown.REFUSED) {
			return typed("string", "examples", List.copyOf(enumeration.constants().keySet()));
		}
		List<String> texts = new ArrayList<>(enumeration.constants().keySet());
		enumeration.constants()
			.values()
			.forEach((aliases) -> aliases.stream().filter((alias) -> !texts.contains(alias)).forEach(texts::add));
		return typed("string", "enum", texts);
	}

	private Map<String, Object> content(Content content) {
		Map<String, Object> schema = of(content.schema());
		boolean nullable = content.whenNull() != Missing.REFUSED || (this.written && content.nullable());
		return (nullable && !(content.schema() instanceof Maybe)) ? orNull(schema) : schema;
	}

	private Map<String, Object> reference(Reference reference) {
		ValueSchema referred = this.definitions.get(reference.name());
		return (referred != null) ? this.components.refer(reference.name(),
				List.of(this.typename, reference.name(), this.written), () -> of(referred)) : ANYTHING;
	}

	private Map<String, Object> structure(Structure structure) {
		Map<String, Object> properties = new LinkedHashMap<>();
		List<String> required = new ArrayList<>();
		structure.properties().forEach((name, property) -> {
			if (this.written ? property.written() : property.read()) {
				properties.put(name, content(property.content()));
				if (isRequired(property)) {
					required.add(name);
				}
			}
		});
		Map<String, Object> schema = typed("object", "properties", properties);
		if (!required.isEmpty()) {
			schema.put("required", required);
		}
		return schema;
	}

	private boolean isRequired(Property property) {
		return property.whenAbsent() == Missing.REFUSED && property.aliases().isEmpty()
				&& !(this.written && property.omittable());
	}

	private Map<String, Object> alternatives(Alternatives alternatives) {
		List<Object> subtypes = new ArrayList<>();
		boolean property = alternatives.inclusion().endsWith("PROPERTY") && !alternatives.discriminator().isEmpty();
		if (!property || alternatives.inclusion().startsWith("EXTERNAL") || alternatives.unknown() != Unknown.REFUSED) {
			return ANYTHING;
		}
		alternatives.subtypes().forEach((name, subtype) -> {
			Map<String, Object> marked = typed("object", "properties",
					Map.of(alternatives.discriminator(), Map.of("const", name)));
			marked.put("required", List.of(alternatives.discriminator()));
			subtypes.add(Map.of("allOf", List.of(marked, of(subtype))));
		});
		return subtypes.isEmpty() ? ANYTHING : Map.of("anyOf", subtypes);
	}

}
