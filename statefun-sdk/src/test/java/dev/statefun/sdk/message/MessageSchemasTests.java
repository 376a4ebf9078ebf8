package dev.statefun.sdk.message;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.google.protobuf.Field;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import dev.statefun.sdk.schema.ValueSchema.Opaque;
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.testing.Basket;
import dev.statefun.sdk.testing.BasketCodecs;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the schemas of the built-in types.
 */
class MessageSchemasTests {

	private final MessageMappings mappings = new MessageMappings(List.of(new BasketCodecs()), Map.of());

	private final SchemaDefinitions definitions = new SchemaDefinitions();

	@Test
	void primitivesAreScalars() {
		assertThat(schema(int.class)).isEqualTo(new Scalar(ScalarKind.INT));
		assertThat(schema(String.class)).isEqualTo(new Scalar(ScalarKind.TEXT));
		assertThat(this.definitions.all()).isEmpty();
	}

	@Test
	@NullUnmarked
	void messageHasFieldsByNumberAndMayReferToItself() {
		assertThat(schema(Struct.class)).isEqualTo(new Reference("google.protobuf.Struct"));
		Map<String, ValueSchema> all = this.definitions.all();
		assertThat(all).containsOnlyKeys("google.protobuf.ListValue", "google.protobuf.NullValue",
				"google.protobuf.Struct", "google.protobuf.Struct.FieldsEntry", "google.protobuf.Value");
		assertThat(all.get("google.protobuf.Struct"))
			.isEqualTo(new ProtobufMessage("google.protobuf.Struct", new TreeMap<>(Map.of(1, new ProtobufField("fields",
					"message", new Reference("google.protobuf.Struct.FieldsEntry"), Label.MAP, null, false, false)))));
		ProtobufMessage value = message("google.protobuf.Value");
		assertThat(value.fields()).containsEntry(3,
				new ProtobufField("string_value", "string", null, Label.OPTIONAL, "kind", true, false));
		assertThat(value.fields()).containsEntry(5, new ProtobufField("struct_value", "message",
				new Reference("google.protobuf.Struct"), Label.OPTIONAL, "kind", false, false));
		assertThat(all.get("google.protobuf.NullValue")).isEqualTo(new ProtobufEnum("google.protobuf.NullValue", false,
				new TreeMap<>(Map.of(NullValue.NULL_VALUE_VALUE, "NULL_VALUE"))));
	}

	@Test
	@NullUnmarked
	void scalarsOfProto3HaveNoPresence() {
		schema(Field.class);
		assertThat(message("google.protobuf.Field").fields()).extractingFromEntries((field) -> field.getValue().label())
			.contains(Label.IMPLICIT, Label.REPEATED)
			.doesNotContain(Label.OPTIONAL);
	}

	@Test
	void otherCodecsHaveAnOpaqueSchema() {
		assertThat(schema(Basket.class)).isInstanceOf(Opaque.class);
	}

	@Test
	void equalNamesAreNumbered() {
		Reference one = this.definitions.define("Cart", 1, () -> new Scalar(ScalarKind.INT));
		Reference other = this.definitions.define("Cart", 2, () -> new Scalar(ScalarKind.LONG));
		assertThat(this.definitions.define("Cart", 1, () -> new Scalar(ScalarKind.TEXT))).isEqualTo(one);
		assertThat(this.definitions.all()).containsExactly(Map.entry(one.name(), new Scalar(ScalarKind.INT)),
				Map.entry(other.name(), new Scalar(ScalarKind.LONG)));
		assertThat(other.name()).isEqualTo("Cart#2");
	}

	private ProtobufMessage message(String name) {
		return (ProtobufMessage) Objects.requireNonNull(this.definitions.all().get(name));
	}

	private ValueSchema schema(Class<?> type) {
		return this.mappings.of(type).codec().schema(this.definitions);
	}

}
