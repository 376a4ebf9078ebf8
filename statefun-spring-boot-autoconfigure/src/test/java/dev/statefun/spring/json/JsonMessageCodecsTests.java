package dev.statefun.spring.json;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageType;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JsonMessageCodecs}.
 */
class JsonMessageCodecsTests {

	private final JsonMessageCodecs codecs = new JsonMessageCodecs(JsonMapper.builder().build());

	@Test
	void recordTravelsAsJsonUnderTheNameOfItsMark() throws Exception {
		MessageCodec<Item> codec = codecFor(Item.class);
		assertThat(codec.typename()).isEqualTo("shop/Item");
		assertThat(codec.encode(new Item("tea", 2))).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"sku\":\"tea\",\"quantity\":2}");
		byte[] embedded = "xx{\"sku\":\"tea\",\"quantity\":2}yy".getBytes(StandardCharsets.UTF_8);
		assertThat(codec.decode(embedded, 2, embedded.length - 4)).isEqualTo(new Item("tea", 2));
	}

	@Test
	void valueIsMutableBecauseARecordCanHoldAList() {
		assertThat(codecFor(Item.class).immutable()).isFalse();
	}

	@Test
	void kindsOfAMarkedInterfaceShareItsName() throws Exception {
		MessageCodec<Circle> codec = codecFor(Circle.class);
		assertThat(codec.typename()).isEqualTo("geo/Shape");
		byte[] json = codec.encode(new Circle(3));
		assertThat(json).asString(StandardCharsets.UTF_8).isEqualTo("{\"kind\":\"circle\",\"radius\":3}");
		assertThat(codecFor(Shape.class).decode(json, 0, json.length)).isEqualTo(new Circle(3));
	}

	@Test
	void subclassOfAMarkedClassThatDoesNotTellItsKindsApartIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> codecFor(Extended.class))
			.withMessageContaining(Extended.class.getName())
			.withMessageContaining(Plain.class.getName())
			.withMessageContaining("@JsonTypeInfo");
	}

	@Test
	void classWithoutAMarkIsLeftToOthers() {
		assertThat(this.codecs.codecFor(String.class)).isNull();
	}

	@Test
	void nullIsNoValue() {
		byte[] json = "null".getBytes(StandardCharsets.UTF_8);
		assertThatIllegalArgumentException().isThrownBy(() -> codecFor(Item.class).decode(json, 0, json.length))
			.withMessageContaining("JSON null");
	}

	@Test
	void brokenJsonIsRefused() {
		byte[] json = "{\"sku\":".getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(JacksonException.class)
			.isThrownBy(() -> codecFor(Item.class).decode(json, 0, json.length));
		assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> codecFor(Item.class).decode(json, 0, 0));
	}

	private <T> MessageCodec<T> codecFor(Class<T> type) {
		return Objects.requireNonNull(this.codecs.codecFor(type));
	}

	@MessageType("shop/Item")
	record Item(String sku, int quantity) {

	}

	@MessageType("shop/Plain")
	static class Plain {

	}

	static class Extended extends Plain {

	}

	@MessageType("geo/Shape")
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
	@JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
	interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

}
