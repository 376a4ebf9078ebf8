package dev.statefun.spring.json;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Content;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.spring.json.JsonSchemas.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.NullValueProvider;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.deser.impl.NullsConstantProvider;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.PropertyWriter;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Describes objects by the properties that their serializer writes and their deserializer
 * reads.
 */
final class JsonStructures {

	private final JsonSchemas schemas;

	private final SerializationContext writing;

	private final DeserializationContext reading;

	JsonStructures(JsonSchemas schemas, SerializationContext writing, DeserializationContext reading) {
		this.schemas = schemas;
		this.writing = writing;
		this.reading = reading;
	}

	ValueSchema describe(SchemaDefinitions definitions, BeanSerializerBase writes, BeanDeserializerBase reads,
			JavaType type) {
		Map<String, BeanPropertyWriter> written = new LinkedHashMap<>();
		for (Iterator<PropertyWriter> all = writes.properties(); all.hasNext();) {
			PropertyWriter next = all.next();
			if (!(next instanceof BeanPropertyWriter writer) || writer.isUnwrapping()) {
				return new ValueSchema.Opaque(type.toCanonical() + ": property '" + next.getName() + "' is unwrapped");
			}
			written.put(next.getName(), writer);
		}
		Map<String, SettableBeanProperty> read = new LinkedHashMap<>();
		reads.properties().forEachRemaining((property) -> {
			if (!property.isInjectionOnly() && !property.isIgnorable()) {
				read.put(property.getName(), property);
			}
		});
		// The same class may have other properties in a place with annotations of its
		// own
		Key key = new Key(type, new TreeSet<>(written.keySet()), new TreeSet<>(read.keySet()));
		return definitions.define(type.toCanonical(), key, () -> {
			SortedMap<String, Property> properties = new TreeMap<>();
			written.forEach((name, writer) -> properties.put(name, property(writer, read.get(name), reads)));
			read.forEach((name, property) -> properties.computeIfAbsent(name, (x) -> property(null, property, reads)));
			return new ValueSchema.Structure(properties, unknown(reads, type));
		});
	}

	private Property property(@Nullable BeanPropertyWriter writer, @Nullable SettableBeanProperty reader,
			BeanDeserializerBase reads) {
		boolean omittable = writer != null && isOmittable(writer);
		boolean nullable = writer != null && !omittable && !writer.getType().isPrimitive();
		ValueSchema schema = schema(writer, reader);
		if (reader == null) {
			return new Property(new Content(schema, nullable, Missing.NULL), new TreeSet<>(), true, omittable, false,
					Missing.NULL);
		}
		TreeSet<String> aliases = new TreeSet<>();
		List<PropertyName> others = reader.findAliases(this.reading.getConfig());
		others.forEach((alias) -> aliases.add(alias.getSimpleName()));
		aliases.remove(reader.getName());
		return new Property(new Content(schema, nullable, whenNull(reader, reads)), aliases, writer != null, omittable,
				true, whenAbsent(reader, reads));
	}

	private ValueSchema schema(@Nullable BeanPropertyWriter writer, @Nullable SettableBeanProperty reader) {
		if (writer != null && reader != null && !writer.getType().equals(reader.getType())) {
			return new ValueSchema.Opaque(
					"written as " + writer.getType().toCanonical() + ", read as " + reader.getType().toCanonical());
		}
		// The property has a serializer or deserializer of its own
		if (writer != null && writer.hasSerializer() && !JsonSchemas.isKnown(writer.getSerializer())) {
			return new ValueSchema.Opaque(writer.getSerializer().getClass().getName());
		}
		if (reader != null && !JsonSchemas.isKnown(reader.getValueDeserializer())) {
			return new ValueSchema.Opaque(reader.getValueDeserializer().getClass().getName());
		}
		return this.schemas.describe((reader != null) ? new Place(reader.getType(), reader)
				: new Place(Objects.requireNonNull(writer).getType(), writer));
	}

	private boolean isOmittable(BeanPropertyWriter writer) {
		JsonInclude.Value inclusion = writer.findPropertyInclusion(this.writing.getConfig(),
				writer.getMember().getDeclaringClass());
		return writer.willSuppressNulls() || (inclusion.getValueInclusion() != JsonInclude.Include.ALWAYS
				&& inclusion.getValueInclusion() != JsonInclude.Include.USE_DEFAULTS);
	}

	private Missing whenAbsent(SettableBeanProperty reader, BeanDeserializerBase reads) {
		if (!reader.isCreatorProperty()) {
			return Missing.KEPT;
		}
		if (reader.isRequired() || this.reading.isEnabled(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)) {
			return Missing.REFUSED;
		}
		if (isKotlins(reads)) {
			// Its creator knows the default values
			return Missing.KEPT;
		}
		NullValueProvider provider = reader.getNullValueProvider();
		return creator(JsonScalars.tryReading(() -> provider.getAbsentValue(this.reading)));
	}

	private Missing whenNull(SettableBeanProperty reader, BeanDeserializerBase reads) {
		NullValueProvider provider = reader.getNullValueProvider();
		if (NullsConstantProvider.isSkipper(provider)) {
			return Missing.KEPT;
		}
		if (reader.isRequired() && isKotlins(reads)) {
			return Missing.REFUSED;
		}
		Missing missing = JsonScalars.tryReading(() -> provider.getNullValue(this.reading));
		return reader.isCreatorProperty() ? creator(missing) : missing;
	}

	private static boolean isKotlins(BeanDeserializerBase reads) {
		return reads.getValueInstantiator().getClass().getName().startsWith("tools.jackson.module.kotlin.");
	}

	private Missing creator(Missing missing) {
		boolean refused = missing == Missing.NULL
				&& this.reading.isEnabled(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
		return refused ? Missing.REFUSED : missing;
	}

	private Unknown unknown(BeanDeserializerBase reads, JavaType type) {
		if (reads.hasAnySetter()) {
			return Unknown.KEPT;
		}
		boolean ignored = !this.reading.isEnabled(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
				|| this.reading.getConfig()
					.getDefaultPropertyIgnorals(type.getRawClass(), this.reading.introspectClassAnnotations(type))
					.getIgnoreUnknown();
		return ignored ? Unknown.IGNORED : Unknown.REFUSED;
	}

	private record Key(JavaType type, Set<String> written, Set<String> read) {

	}

}
