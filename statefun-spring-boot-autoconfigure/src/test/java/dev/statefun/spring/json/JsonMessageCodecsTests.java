package dev.statefun.spring.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
	void recordIsSentAsJsonUnderItsAnnotatedName() throws Exception {
		MessageCodec<Item> codec = codecFor(Item.class);
		assertThat(codec.typename()).isEqualTo("shop/Item");
		assertThat(codec.encode(new Item("tea", 2))).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"sku\":\"tea\",\"quantity\":2}");
		byte[] embedded = "xx{\"sku\":\"tea\",\"quantity\":2}yy".getBytes(StandardCharsets.UTF_8);
		assertThat(codec.decode(embedded, 2, embedded.length - 4)).isEqualTo(new Item("tea", 2));
	}

	@Test
	void recordMayContainAMutableList() {
		assertThat(codecFor(Item.class).immutable()).isFalse();
	}

	@Test
	void immutableRecordIsEncodedOnce() {
		assertThat(codecFor(Item.class).encodesOnce()).isTrue();
		assertThat(codecFor(Payment.class).encodesOnce()).isTrue();
		assertThat(codecFor(Invoice.class).encodesOnce()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(
			classes = { Basket.class, Numbers.class, Dated.class, Boxed.class, Plain.class, Shape.class, Half.class })
	void mutableValueIsEncodedOnEachUse(Class<?> type) {
		assertThat(codecFor(type).encodesOnce()).isFalse();
	}

	@Test
	void subtypesOfAnAnnotatedInterfaceShareItsName() throws Exception {
		MessageCodec<Circle> codec = codecFor(Circle.class);
		assertThat(codec.typename()).isEqualTo("geo/Shape");
		byte[] json = codec.encode(new Circle(3));
		assertThat(json).asString(StandardCharsets.UTF_8).isEqualTo("{\"kind\":\"circle\",\"radius\":3}");
		assertThat(codecFor(Shape.class).decode(json, 0, json.length)).isEqualTo(new Circle(3));
	}

	@Test
	void subclassWithoutTypeInformationIsRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> codecFor(Extended.class))
			.withMessageContaining(Extended.class.getName())
			.withMessageContaining(Plain.class.getName())
			.withMessageContaining("@JsonTypeInfo");
	}

	@Test
	void classWithoutAnnotationIsIgnored() {
		assertThat(this.codecs.codecFor(String.class)).isNull();
	}

	@Test
	void nullIsRejected() {
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

	@SuppressWarnings("unchecked")
	private <T> MessageCodec<T> codecFor(Class<T> type) {
		return (MessageCodec<T>) Objects.requireNonNull(this.codecs.codecFor(type));
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

	@MessageType("shop/Invoice")
	record Invoice(UUID id, BigDecimal amount, Currency currency, LocalDate due, OptionalInt discount, Item item,
			Payment payment, @Nullable Invoice corrected) {

	}

	@MessageType("shop/Payment")
	sealed interface Payment {

	}

	enum Cash implements Payment {

		COINS, NOTES

	}

	record Card(String number, Instant until) implements Payment {

	}

	@MessageType("shop/Basket")
	record Basket(List<Item> items) {

	}

	@MessageType("shop/Numbers")
	record Numbers(int[] numbers) {

	}

	@MessageType("shop/Dated")
	record Dated(Date date) {

	}

	@MessageType("shop/Boxed")
	record Boxed(Item item, Basket basket) {

	}

	@MessageType("shop/Half")
	sealed interface Half {

	}

	record Kept(int number) implements Half {

	}

	static final class Changed implements Half {

		int number;

	}

}
