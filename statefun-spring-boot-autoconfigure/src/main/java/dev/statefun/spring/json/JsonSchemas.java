package dev.statefun.spring.json;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.Unknown;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.AbstractDeserializer;
import tools.jackson.databind.deser.bean.BeanAsArrayBuilderDeserializer;
import tools.jackson.databind.deser.bean.BeanAsArrayDeserializer;
import tools.jackson.databind.deser.bean.BeanDeserializerBase;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.BeanSerializer;
import tools.jackson.databind.ser.UnrolledBeanSerializer;
import tools.jackson.databind.ser.bean.BeanSerializerBase;

/**
 * Describes JSON by the serializers and deserializers that a mapper uses. If one of them
 * is not Jackson's own, nothing is known of the value.
 */
final class JsonSchemas {

	// Their form depends on the value
	private static final Set<String> WITHOUT_A_FORM = Set.of("JacksonSerializableSerializer", "JsonValueSerializer",
			"RawSerializer", "StdConvertingSerializer", "StdDelegatingSerializer", "StdConvertingDeserializer");

	private final JsonMapper mapper;

	private final SchemaDefinitions definitions;

	private final SerializationContext writing;

	private final DeserializationContext reading;

	private final JsonStructures structures;

	private final JsonEnumerations enumerations;

	private final JsonScalars scalars;

	private JsonSchemas(JsonMapper mapper, SchemaDefinitions definitions) {
		this.mapper = mapper;
		this.definitions = definitions;
		this.writing = mapper._serializationContext();
		this.reading = mapper._deserializationContext();
		this.structures = new JsonStructures(this, this.writing, this.reading);
		this.enumerations = new JsonEnumerations(mapper, this.writing, this.reading);
		this.scalars = new JsonScalars(mapper, this.writing);
	}

	static ValueSchema describe(JsonMapper mapper, JavaType type, SchemaDefinitions definitions) {
		JsonSchemas schemas = new JsonSchemas(mapper, definitions);
		return schemas.describe(new Place(type, null));
	}

	ValueSchema describe(Place place) {
		try {
			return describe(serializer(place), deserializer(place), place);
		}
		catch (JacksonException ex) {
			return new ValueSchema.Opaque(place.type().toCanonical() + ": " + ex.getOriginalMessage());
		}
	}

	private ValueSchema describe(ValueSerializer<?> serializer, ValueDeserializer<?> deserializer, Place place) {
		JavaType type = place.type();
		TypeSerializer writesType = typeSerializer(type);
		TypeDeserializer readsType = typeDeserializer(type);
		if (writesType != null && readsType != null) {
			return alternatives(writesType, readsType, place);
		}
		if (writesType != null || readsType != null || deserializer instanceof AbstractDeserializer
				|| type.getValueHandler() != null || !isKnown(serializer) || !isKnown(deserializer)) {
			return opaque(serializer, deserializer, type);
		}
		return plain(serializer, deserializer, place);
	}

	private ValueSchema plain(ValueSerializer<?> serializer, ValueDeserializer<?> deserializer, Place place) {
		JavaType type = place.type();
		if (serializer instanceof BeanSerializerBase writes && deserializer instanceof BeanDeserializerBase reads) {
			return (isObject(writes) && isObject(reads)) ? structure(writes, reads, type)
					: opaque(serializer, deserializer, type);
		}
		if (type.isEnumImplType()) {
			return this.enumerations.values(serializer, type);
		}
		if (type.hasRawClass(byte[].class)) {
			return new ValueSchema.Scalar(ScalarKind.BINARY);
		}
		if (type.isReferenceType()) {
			ValueSchema value = describe(new Place(type.getReferencedType(), place.property()));
			return new ValueSchema.Maybe(value);
		}
		if (type.isCollectionLikeType() || type.isArrayType()) {
			return new ValueSchema.Sequence(content(type.getContentType(), place.property()),
					Set.class.isAssignableFrom(type.getRawClass()));
		}
		if (type.isMapLikeType()) {
			return new ValueSchema.Mapping(key(type.getKeyType(), place.property()),
					content(type.getContentType(), place.property()));
		}
		ValueSchema scalar = this.scalars.describe(serializer, place);
		return (scalar != null) ? scalar : opaque(serializer, deserializer, type);
	}

	private static boolean isObject(BeanSerializerBase serializer) {
		return (serializer instanceof BeanSerializer || serializer instanceof UnrolledBeanSerializer)
				&& !serializer.usesObjectId();
	}

	private static boolean isObject(BeanDeserializerBase deserializer) {
		return !(deserializer instanceof BeanAsArrayDeserializer)
				&& !(deserializer instanceof BeanAsArrayBuilderDeserializer)
				&& !deserializer.getValueInstantiator().canCreateUsingDelegate();
	}

	private ValueSchema structure(BeanSerializerBase writes, BeanDeserializerBase reads, JavaType type) {
		return this.structures.describe(this.definitions, writes, reads, type);
	}

	private Content content(JavaType type, @Nullable BeanProperty property) {
		Place place = new Place(type, property);
		ValueDeserializer<?> deserializer = deserializer(place);
		Missing whenNull = JsonScalars.tryReading(() -> deserializer.getNullValue(this.reading));
		if (property != null && property.getMetadata().getContentNulls() != null) {
			whenNull = switch (property.getMetadata().getContentNulls()) {
				case FAIL -> Missing.REFUSED;
				case SKIP -> Missing.KEPT;
				case AS_EMPTY -> Missing.EMPTY;
				default -> whenNull;
			};
		}
		return new Content(describe(place), !type.isPrimitive(), whenNull);
	}

	private ValueSchema key(JavaType type, @Nullable BeanProperty property) {
		if (type.isEnumImplType()) {
			return this.enumerations.keys(type, property);
		}
		ScalarKind kind = JsonScalars.kind(type.getRawClass());
		return (kind != null) ? new ValueSchema.Scalar(kind)
				: new ValueSchema.Named(type.toCanonical(), ScalarKind.TEXT);
	}

	private ValueSchema alternatives(TypeSerializer writes, TypeDeserializer reads, Place place) {
		JavaType base = place.type();
		String discriminator = Optional.ofNullable(reads.getPropertyName()).orElse("");
		JsonTypeInfo.Id mechanism = reads.getTypeIdResolver().getMechanism();
		if (mechanism == JsonTypeInfo.Id.CUSTOM || mechanism == JsonTypeInfo.Id.DEDUCTION
				|| mechanism == JsonTypeInfo.Id.NONE) {
			return new ValueSchema.Opaque(base.toCanonical() + " by " + mechanism);
		}
		String name = base.toCanonical() + " by " + discriminator;
		return this.definitions.define(name, name + " " + reads.getTypeInclusion(), () -> {
			SortedMap<String, ValueSchema> subtypes = new TreeMap<>();
			subtypes(base, place).forEach((subtype) -> subtypes.put(
					writes.getTypeIdResolver().idFromValueAndType(this.writing, null, subtype.getRawClass()),
					subtype(subtype)));
			return new ValueSchema.Alternatives(discriminator, reads.getTypeInclusion().name(), subtypes,
					unknownSubtype(reads));
		});
	}

	private Set<JavaType> subtypes(JavaType base, Place place) {
		AnnotatedClass annotated = this.reading.introspectClassAnnotations(base);
		var resolver = this.mapper.deserializationConfig().getSubtypeResolver();
		var found = (place.property() != null && place.property().getMember() != null)
				? resolver.collectAndResolveSubtypesByClass(this.mapper.deserializationConfig(),
						place.property().getMember(), base)
				: resolver.collectAndResolveSubtypesByClass(this.mapper.deserializationConfig(), annotated);
		return found.stream()
			.map(NamedType::getType)
			.map((subtype) -> this.writing.constructSpecializedType(base, subtype))
			.filter((subtype) -> !subtype.isAbstract())
			.collect(Collectors.toSet());
	}

	// Without the discriminator
	private ValueSchema subtype(JavaType type) {
		Place place = new Place(type, null);
		ValueSerializer<?> serializer = serializer(place);
		ValueDeserializer<?> deserializer = deserializer(place);
		return (isKnown(serializer) && isKnown(deserializer)) ? plain(serializer, deserializer, place)
				: opaque(serializer, deserializer, type);
	}

	private Unknown unknownSubtype(TypeDeserializer reads) {
		Class<?> standIn = reads.getDefaultImpl();
		if (standIn != null) {
			return (standIn == Void.class) ? Unknown.IGNORED : Unknown.REPLACED;
		}
		return this.reading.isEnabled(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE) ? Unknown.REFUSED
				: Unknown.IGNORED;
	}

	private ValueSerializer<?> serializer(Place place) {
		return this.writing.findPrimaryPropertySerializer(place.type(), place.property());
	}

	private ValueDeserializer<?> deserializer(Place place) {
		return this.reading.findContextualValueDeserializer(place.type(), place.property());
	}

	// Annotations of a property about the type's subtypes are kept in the type
	private @Nullable TypeSerializer typeSerializer(JavaType type) {
		return this.writing.findTypeSerializer(type);
	}

	private @Nullable TypeDeserializer typeDeserializer(JavaType type) {
		return (type.getTypeHandler() instanceof TypeDeserializer own) ? own : this.reading.findTypeDeserializer(type);
	}

	static boolean isKnown(Object codec) {
		Class<?> type = codec.getClass();
		return type.getName().startsWith("tools.jackson.databind.") && !WITHOUT_A_FORM.contains(type.getSimpleName());
	}

	private static ValueSchema opaque(ValueSerializer<?> serializer, ValueDeserializer<?> deserializer, JavaType type) {
		return new ValueSchema.Opaque(
				type.toCanonical() + ": " + serializer.getClass().getName() + ", " + deserializer.getClass().getName());
	}

	/**
	 * Place of a value.
	 *
	 * @param type its type
	 * @param property the property that it belongs to, if any
	 */
	record Place(JavaType type, @Nullable BeanProperty property) {

	}

}
