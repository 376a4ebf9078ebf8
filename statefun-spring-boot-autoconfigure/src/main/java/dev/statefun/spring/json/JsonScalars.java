package dev.statefun.spring.json;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.statefun.sdk.schema.Form;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.spring.json.JsonSchemas.Place;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;

/**
 * Describes values without parts: by the form that their serializer reports, and by the
 * forms that reading refuses.
 */
final class JsonScalars {

	private static final Map<Class<?>, ScalarKind> KINDS = Map.ofEntries(Map.entry(boolean.class, ScalarKind.BOOLEAN),
			Map.entry(Boolean.class, ScalarKind.BOOLEAN), Map.entry(byte.class, ScalarKind.BYTE),
			Map.entry(Byte.class, ScalarKind.BYTE), Map.entry(short.class, ScalarKind.SHORT),
			Map.entry(Short.class, ScalarKind.SHORT), Map.entry(int.class, ScalarKind.INT),
			Map.entry(Integer.class, ScalarKind.INT), Map.entry(long.class, ScalarKind.LONG),
			Map.entry(Long.class, ScalarKind.LONG), Map.entry(float.class, ScalarKind.FLOAT),
			Map.entry(Float.class, ScalarKind.FLOAT), Map.entry(double.class, ScalarKind.DOUBLE),
			Map.entry(Double.class, ScalarKind.DOUBLE), Map.entry(char.class, ScalarKind.CHARACTER),
			Map.entry(Character.class, ScalarKind.CHARACTER), Map.entry(BigInteger.class, ScalarKind.BIG_INTEGER),
			Map.entry(BigDecimal.class, ScalarKind.DECIMAL), Map.entry(String.class, ScalarKind.TEXT));

	private static final Map<Form, String> EXAMPLES = Map.of(Form.INTEGER, "1", Form.FRACTION, "1.5", Form.BOOLEAN,
			"true");

	private final JsonMapper mapper;

	private final SerializationContext writing;

	JsonScalars(JsonMapper mapper, SerializationContext writing) {
		this.mapper = mapper;
		this.writing = writing;
	}

	static @Nullable ScalarKind kind(Class<?> type) {
		return KINDS.get(type);
	}

	/**
	 * Describe a value.
	 * @param serializer serializer of the value
	 * @param place place of the value
	 * @return the schema, or {@code null} if it has parts, or a form that is not known
	 */
	@Nullable ValueSchema describe(ValueSerializer<?> serializer, Place place) {
		JavaType type = place.type();
		ScalarKind written = written(serializer, type);
		if (written == null) {
			return null;
		}
		ScalarKind kind = KINDS.get(type.getRawClass());
		if (kind != null && (written == ScalarKind.TEXT) == (kind == ScalarKind.TEXT || kind == ScalarKind.CHARACTER)) {
			return new ValueSchema.Scalar(kind, refused(kind, type));
		}
		return new ValueSchema.Named(type.toCanonical() + format(place), written);
	}

	private String format(Place place) {
		JsonFormat.Value format = (place.property() != null)
				? place.property().findPropertyFormat(this.writing.getConfig(), place.type().getRawClass())
				: this.writing.getDefaultPropertyFormat(place.type().getRawClass());
		return (format != null && format.hasPattern()) ? " as " + format.getPattern() : "";
	}

	private SortedSet<Form> refused(ScalarKind kind, JavaType type) {
		SortedSet<Form> refused = new TreeSet<>();
		switch (kind) {
			case BYTE, SHORT, INT, LONG, BIG_INTEGER -> refused.add(Form.FRACTION);
			case BOOLEAN -> refused.add(Form.INTEGER);
			case TEXT -> refused.addAll(EXAMPLES.keySet());
			default -> {
			}
		}
		refused.removeIf((form) -> reads(type, form));
		return refused;
	}

	private boolean reads(JavaType type, Form form) {
		try {
			this.mapper.readerFor(type).readValue(EXAMPLES.get(form));
			return true;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private @Nullable ScalarKind written(ValueSerializer<?> serializer, JavaType type) {
		FormVisitor visitor = new FormVisitor(this.writing);
		serializer.acceptJsonFormatVisitor(visitor, type);
		return visitor.kind;
	}

	/**
	 * Determine the result of reading an absent value or null.
	 * @param read reads it
	 * @return the result
	 */
	static Missing tryReading(Supplier<@Nullable Object> read) {
		try {
			return missing(read.get());
		}
		catch (JacksonException ex) {
			return Missing.REFUSED;
		}
	}

	private static Missing missing(@Nullable Object value) {
		if (value == null) {
			return Missing.NULL;
		}
		if (value.equals(false) || value.equals('\0') || value instanceof Number number && number.doubleValue() == 0) {
			return Missing.ZERO;
		}
		return isEmpty(value) ? Missing.EMPTY : Missing.KEPT;
	}

	private static boolean isEmpty(Object value) {
		return value.equals("") || value.equals(Optional.empty()) || value.equals(OptionalInt.empty())
				|| value.equals(OptionalLong.empty()) || value.equals(OptionalDouble.empty())
				|| value instanceof Collection<?> collection && collection.isEmpty()
				|| value instanceof Map<?, ?> map && map.isEmpty()
				|| value.getClass().isArray() && Array.getLength(value) == 0;
	}

	private static final class FormVisitor extends JsonFormatVisitorWrapper.Base {

		private @Nullable ScalarKind kind;

		private FormVisitor(SerializationContext context) {
			super(context);
		}

		@Override
		public @Nullable JsonStringFormatVisitor expectStringFormat(JavaType type) {
			this.kind = ScalarKind.TEXT;
			return null;
		}

		@Override
		public @Nullable JsonNumberFormatVisitor expectNumberFormat(JavaType type) {
			this.kind = ScalarKind.DECIMAL;
			return null;
		}

		@Override
		public @Nullable JsonIntegerFormatVisitor expectIntegerFormat(JavaType type) {
			this.kind = ScalarKind.BIG_INTEGER;
			return null;
		}

		@Override
		public @Nullable JsonBooleanFormatVisitor expectBooleanFormat(JavaType type) {
			this.kind = ScalarKind.BOOLEAN;
			return null;
		}

	}

}
