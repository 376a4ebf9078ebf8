package dev.statefun.spring.json;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
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
import dev.statefun.sdk.schema.ValueSchema.Opaque;
import dev.statefun.sdk.schema.ValueSchema.Property;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;
import kotlin.ranges.IntRange;
import kotlin.text.MatchGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.module.kotlin.KotlinModule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link JsonSchemas}.
 */
class JsonSchemasTests {

	private final JsonMapper mapper = new JsonMapper();

	@Test
	void propertiesDescribeNullAndAbsence() {
		Structure cart = structure(this.mapper, Cart.class);
		assertThat(property(cart, "count")).isEqualTo(property(new Scalar(ScalarKind.INT), false, Missing.REFUSED));
		assertThat(property(cart, "owner")).isEqualTo(property(new Scalar(ScalarKind.TEXT), true, Missing.NULL));
		assertThat(property(cart, "coupon"))
			.isEqualTo(property(new Maybe(new Scalar(ScalarKind.TEXT)), true, Missing.EMPTY));
		assertThat(property(cart, "left"))
			.isEqualTo(property(new Maybe(new Scalar(ScalarKind.INT)), true, Missing.EMPTY));
		assertThat(property(cart, "tags").content().schema())
			.isEqualTo(new Sequence(new Content(new Scalar(ScalarKind.TEXT), true, Missing.NULL), true));
		assertThat(property(cart, "prices").content().schema()).isEqualTo(new Mapping(new Scalar(ScalarKind.TEXT),
				new Content(new Scalar(ScalarKind.DECIMAL), true, Missing.NULL)));
		assertThat(property(cart, "key").content().schema()).isEqualTo(new Named("java.util.UUID", ScalarKind.TEXT));
		assertThat(property(cart, "picture").content().schema()).isEqualTo(new Scalar(ScalarKind.BINARY));
		assertThat(property(cart, "parent").content().schema()).isEqualTo(new Reference(Cart.class.getName()));
	}

	@Test
	void schemaReflectsLeniencyForPrimitives() {
		JsonMapper lenient = JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();
		assertThat(property(structure(lenient, Cart.class), "count"))
			.isEqualTo(property(new Scalar(ScalarKind.INT), false, Missing.ZERO));
	}

	@Test
	void namesMatchTheSerializedNames() {
		JsonMapper snakes = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		Structure names = structure(snakes, Names.class);
		assertThat(names.properties()).containsOnlyKeys("first_name", "surname");
		assertThat(property(names, "first_name").aliases()).containsExactly("name");
		assertThat(structure(JsonMapper.builder().addMixIn(Names.class, NamesMixIn.class).build(), Names.class)
			.properties()).containsOnlyKeys("forename", "surname");
	}

	@Test
	void settersKeepAbsentValuesAndGettersAreNotRead() {
		Structure bean = structure(this.mapper, Bean.class);
		assertThat(property(bean, "amount").whenAbsent()).isEqualTo(Missing.KEPT);
		assertThat(property(bean, "sum").read()).isFalse();
		assertThat(property(bean, "secret").written()).isFalse();
		assertThat(property(bean, "note").omittable()).isTrue();
		assertThat(property(bean, "note").content().nullable()).isFalse();
		assertThat(property(bean, "kept").content().whenNull()).isEqualTo(Missing.KEPT);
		assertThat(property(bean, "demanded").content().whenNull()).isEqualTo(Missing.REFUSED);
	}

	@Test
	void unknownPropertiesAreIgnoredRefusedOrKept() {
		JsonMapper refusing = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
		assertThat(structure(this.mapper, Names.class).unknown()).isEqualTo(Unknown.IGNORED);
		assertThat(structure(refusing, Names.class).unknown()).isEqualTo(Unknown.REFUSED);
		assertThat(structure(refusing, Ignoring.class).unknown()).isEqualTo(Unknown.IGNORED);
		assertThat(structure(refusing, Keeping.class).unknown()).isEqualTo(Unknown.KEPT);
	}

	@Test
	void enumsHaveTheirSerializedTexts() {
		assertThat(describe(this.mapper, Color.class)).isEqualTo(new Enumeration(
				new TreeMap<>(Map.of("red", new TreeSet<>(), "green", new TreeSet<>(Set.of("gruen", "verde")))),
				Unknown.REFUSED));
		assertThat(describe(this.mapper, OnlyAsNumber.class)).isInstanceOf(Opaque.class);
		assertThat(((Mapping) value(ByColor.class)).key()).isInstanceOf(Enumeration.class);
	}

	@Test
	void sealedTypesHaveTheirSubtypes() {
		Alternatives shape = (Alternatives) describe(this.mapper, Shape.class);
		assertThat(shape.discriminator()).isEqualTo("kind");
		assertThat(shape.subtypes()).containsOnlyKeys("JsonSchemasTests$Circle", "JsonSchemasTests$Group");
		assertThat(shape.unknown()).isEqualTo(Unknown.REFUSED);
	}

	@Test
	void otherFormsAreOpaque() {
		List<Class<?>> types = List.of(AsArray.class, AsValue.class, Custom.class, Untyped.class, WithPart.class,
				Plain.class);
		assertThat(types).allSatisfy((type) -> assertThat(value(type)).isInstanceOf(Opaque.class));
	}

	@Test
	void nonNullKotlinPropertyIsRequired() {
		JsonMapper kotlin = JsonMapper.builder().addModule(new KotlinModule.Builder().build()).build();
		Property value = property(structure(kotlin, MatchGroup.class), "value");
		assertThat(value.whenAbsent()).isEqualTo(Missing.REFUSED);
		assertThat(value.content().whenNull()).isEqualTo(Missing.REFUSED);
		String range = "\"range\":" + kotlin.writeValueAsString(new IntRange(1, 2));
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> kotlin.readValue("{" + range + "}", MatchGroup.class));
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> kotlin.readValue("{\"value\":null," + range + "}", MatchGroup.class));
	}

	@Test
	void schemaReflectsTheDateFormat() {
		assertThat(value(Day.class)).isEqualTo(new Named("java.time.LocalDate", ScalarKind.TEXT));
		assertThat(value(FormattedDay.class))
			.isEqualTo(new Named("java.time.LocalDate as dd.MM.yyyy", ScalarKind.TEXT));
		JsonMapper numbers = JsonMapper.builder().enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS).build();
		assertThat(property(structure(numbers, Day.class), "value").content().schema()).isInstanceOf(Opaque.class);
	}

	private static Property property(ValueSchema schema, boolean nullable, Missing missing) {
		return new Property(new Content(schema, nullable, missing), new TreeSet<>(), true, false, true, missing);
	}

	private static Property property(Structure structure, String name) {
		return Objects.requireNonNull(structure.properties().get(name));
	}

	private ValueSchema value(Class<?> type) {
		return property(structure(this.mapper, type), "value").content().schema();
	}

	private static Structure structure(JsonMapper mapper, Class<?> type) {
		return (Structure) describe(mapper, type);
	}

	private static ValueSchema describe(JsonMapper mapper, Class<?> type) {
		SchemaDefinitions definitions = new SchemaDefinitions();
		ValueSchema schema = JsonSchemas.describe(mapper, mapper.constructType(type), definitions);
		return (schema instanceof Reference reference) ? Objects.requireNonNull(definitions.all().get(reference.name()))
				: schema;
	}

	record Cart(String owner, int count, Optional<String> coupon, OptionalInt left, Set<String> tags,
			Map<String, BigDecimal> prices, UUID key, byte[] picture, Cart parent) {

	}

	record Names(@JsonAlias("name") String firstName, @JsonProperty("surname") String lastName,
			@JsonIgnore String shown) {

	}

	abstract static class NamesMixIn {

		@JsonProperty("forename")
		abstract String firstName();

	}

	static class Bean {

		@JsonInclude(JsonInclude.Include.NON_NULL)
		public @Nullable String note;

		@JsonSetter(nulls = Nulls.SKIP)
		public @Nullable String kept;

		@JsonSetter(nulls = Nulls.FAIL)
		public @Nullable String demanded;

		private int amount = 5;

		@JsonProperty
		int getAmount() {
			return this.amount;
		}

		@JsonProperty
		void setAmount(int amount) {
			this.amount = amount;
		}

		@JsonProperty
		int getSum() {
			return this.amount;
		}

		@JsonProperty
		void setSecret(String secret) {
		}

	}

	@JsonIgnoreProperties(ignoreUnknown = true)
	record Ignoring(int value) {

	}

	static class Keeping {

		public int value;

		@JsonAnySetter
		public @Nullable Map<String, Object> others;

	}

	enum Color {

		RED, @JsonAlias({ "gruen", "verde" })
		GREEN;

		@Override
		public String toString() {
			return name().toLowerCase();
		}

	}

	@JsonFormat(shape = JsonFormat.Shape.NUMBER)
	enum OnlyAsNumber {

		ONE

	}

	record ByColor(EnumMap<Color, Integer> value) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	sealed interface Shape permits Circle, Group {

	}

	record Circle(double radius) implements Shape {

	}

	record Group(List<Shape> shapes) implements Shape {

	}

	record AsArray(@JsonFormat(shape = JsonFormat.Shape.ARRAY) Names value) {

	}

	record AsValue(Wrapped value) {

	}

	record Wrapped(@JsonValue String text) {

	}

	record Custom(@JsonSerialize(using = Stars.class) String value) {

	}

	record Untyped(Object value) {

	}

	record WithPart(Parts value) {

	}

	static class Parts {

		@JsonUnwrapped
		public @Nullable Names names;

	}

	record Plain(CharSequenceLike value) {

	}

	interface CharSequenceLike {

	}

	record Day(LocalDate value) {

	}

	record FormattedDay(@JsonFormat(pattern = "dd.MM.yyyy") LocalDate value) {

	}

	static class Stars extends StdSerializer<String> {

		Stars() {
			super(String.class);
		}

		@Override
		public void serialize(String value, JsonGenerator generator, SerializationContext context) {
			generator.writeString("*".repeat(value.length()));
		}

	}

}
