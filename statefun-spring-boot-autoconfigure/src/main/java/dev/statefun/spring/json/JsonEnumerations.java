package dev.statefun.spring.json;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Describes enums by writing their constants and reading texts.
 */
final class JsonEnumerations {

	private static final String NO_CONSTANT = "no constant has this text";

	private final JsonMapper mapper;

	private final SerializationContext writing;

	private final DeserializationContext reading;

	JsonEnumerations(JsonMapper mapper, SerializationContext writing, DeserializationContext reading) {
		this.mapper = mapper;
		this.writing = writing;
		this.reading = reading;
	}

	ValueSchema values(ValueSerializer<?> serializer, JavaType type) {
		return describe(type, (constant) -> write(serializer, constant),
				(text) -> this.mapper.convertValue(this.mapper.getNodeFactory().stringNode(text),
						this.mapper.constructType(type.getRawClass())));
	}

	ValueSchema keys(JavaType type, @Nullable BeanProperty property) {
		ValueSerializer<Object> serializer = this.writing.findKeySerializer(type, property);
		KeyDeserializer deserializer = this.reading.findKeyDeserializer(type, property);
		return describe(type, (constant) -> {
			try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
				buffer.writeStartObject();
				serializer.serialize(constant, buffer, this.writing);
				buffer.writeNull();
				buffer.writeEndObject();
				JsonNode node = this.mapper.readTree(buffer.asParser(this.reading));
				return this.mapper.getNodeFactory().stringNode(node.propertyNames().iterator().next());
			}
		}, (text) -> deserializer.deserializeKey(text, this.reading));
	}

	@SuppressWarnings("unchecked")
	private JsonNode write(ValueSerializer<?> serializer, Object constant) {
		try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
			((ValueSerializer<Object>) serializer).serialize(constant, (JsonGenerator) buffer, this.writing);
			return this.mapper.readTree(buffer.asParser(this.reading));
		}
	}

	private ValueSchema describe(JavaType type, Function<Object, JsonNode> writer,
			Function<String, @Nullable Object> reader) {
		Enum<?>[] constants = (Enum<?>[]) type.getRawClass().getEnumConstants();
		Set<String> texts = texts(type, constants);
		SortedMap<String, SortedSet<String>> described = new TreeMap<>();
		for (Enum<?> constant : constants) {
			JsonNode written = writer.apply(constant);
			if (!written.isString()) {
				return new ValueSchema.Opaque(type.toCanonical() + " is written as " + written.getNodeType());
			}
			SortedSet<String> aliases = new TreeSet<>();
			texts.stream().filter((text) -> read(reader, text) == constant).forEach(aliases::add);
			aliases.remove(written.stringValue());
			described.put(written.stringValue(), aliases);
		}
		return new ValueSchema.Enumeration(described, unknown(reader));
	}

	// All texts that may be read as a constant
	private Set<String> texts(JavaType type, Enum<?>[] constants) {
		Set<String> texts = new LinkedHashSet<>();
		AnnotatedClass annotated = this.reading.introspectClassAnnotations(type);
		String[] names = Arrays.stream(constants).map(Enum::name).toArray(String[]::new);
		String[][] aliases = new String[constants.length][];
		this.reading.getAnnotationIntrospector()
			.findEnumAliases(this.reading.getConfig(), annotated, constants, aliases);
		texts.addAll(Arrays.asList(names));
		for (int i = 0; i < constants.length; i++) {
			texts.add(constants[i].toString());
			if (aliases[i] != null) {
				texts.addAll(Arrays.asList(aliases[i]));
			}
		}
		return texts;
	}

	private static @Nullable Object read(Function<String, @Nullable Object> reader, String text) {
		try {
			return reader.apply(text);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static Unknown unknown(Function<String, @Nullable Object> reader) {
		try {
			return (reader.apply(NO_CONSTANT) != null) ? Unknown.REPLACED : Unknown.IGNORED;
		}
		catch (JacksonException ex) {
			return Unknown.REFUSED;
		}
	}

}
