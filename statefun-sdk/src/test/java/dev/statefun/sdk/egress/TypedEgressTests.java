package dev.statefun.sdk.egress;

import java.net.URI;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.CartMessage;
import dev.statefun.sdk.testing.CartMessage.AddItem;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for typed egresses.
 */
class TypedEgressTests {

	private static final Egress<AddItem> ITEMS = Egress.of("items", AddItem.class);

	private static final Egress<AddItem> STREAM = Egress.of("stream", AddItem.class);

	private static StatefulFunctions.Builder functions() {
		return StatefulFunctions.builder()
			.codec(CartMessage.addItems())
			.codec(CartMessage.clears())
			.egress("items", KafkaEgress.of("shop/kafka", "items"))
			.egress("names", KafkaEgress.of("shop/kafka", "names"))
			.egress("stream", KinesisEgress.of("shop/kinesis", "items"));
	}

	private static Cluster cluster(Dialect dialect, FunctionHandler function) {
		return new Cluster(dialect, functions().register(FunctionSpec.of(Cluster.FUNCTION), function).build());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void typedRecordsAreWrittenLikeBuiltOnes(Dialect dialect) {
		User user = User.newBuilder().setName("joe").build();
		Cluster typed = cluster(dialect, (context, message) -> {
			context.sendEgress(ITEMS, new AddItem("sku-1"));
			context.sendEgress(ITEMS, "kéy", new AddItem("sku-2"));
			context.sendEgress(STREAM, "kéy", new AddItem("sku-3"));
			context.sendEgress(Egress.of("names", User.class), user);
			context.sendEgress(Egress.of("names", String.class), "Jürgen");
			context.sendEgress(Egress.of("names", long.class), 7L);
		});
		Cluster built = cluster(dialect, (context, message) -> {
			context.sendEgress("shop/kafka", KafkaRecord.forTopic("items").utf8Value("sku-1").build());
			context.sendEgress("shop/kafka", KafkaRecord.forTopic("items").key("kéy").utf8Value("sku-2").build());
			context.sendEgress("shop/kinesis",
					KinesisRecord.forStream("items").partitionKey("kéy").utf8Value("sku-3").build());
			context.sendEgress("shop/kafka", KafkaRecord.forTopic("names").value(user).build());
			context.sendEgress("shop/kafka", KafkaRecord.forTopic("names").utf8Value("Jürgen").build());
			context.sendEgress("shop/kafka", KafkaRecord.forTopic("names").primitiveValue(7L).build());
		});
		assertThat(typed.call(Values.user("a"))).isEqualTo(built.call(Values.user("a")))
			.satisfies((reply) -> assertThat(reply.records()).hasSize(6));
	}

	@Test
	void valueOfASealedTypeIsWrittenByTheCodecOfItsClass() {
		Egress<CartMessage> all = Egress.of("items", CartMessage.class);
		Cluster cluster = cluster(Dialect.V3, (context, message) -> {
			context.sendEgress(all, new AddItem("sku-1"));
			context.sendEgress(all, new CartMessage.Clear());
		});
		assertThat(cluster.call(Values.user("a")).records()).hasSize(2);
	}

	@Test
	void kinesisRecordWithoutAKeyIsRefused() {
		assertThat(cluster(Dialect.V3, (context, message) -> context.sendEgress(STREAM, new AddItem("sku")))
			.mistake(Values.user("a"))).isInstanceOf(IllegalArgumentException.class)
			.hasMessage(
					"A record for egress 'stream' needs a partition key, as it goes to the Kinesis stream 'items' of "
							+ "'shop/kinesis'; call sendEgress(egress, key, value)");
	}

	@Test
	void emptyKeyIsRefused() {
		List.of(ITEMS, STREAM)
			.forEach((egress) -> assertThat(
					cluster(Dialect.V3, (context, message) -> context.sendEgress(egress, "", new AddItem("sku")))
						.mistake(Values.user("a")))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessage("The key of a record for egress '" + egress.name()
						+ "' is empty; give one that is not, or, for Kafka, call sendEgress(egress, value) to send a "
						+ "record without a key"));
	}

	@Test
	@NullUnmarked
	void nullsAreRefused() {
		List<FunctionHandler> mistakes = List.of((context, message) -> context.sendEgress(ITEMS, null),
				(context, message) -> context.sendEgress(ITEMS, "key", null),
				(context, message) -> context.sendEgress(ITEMS, null, new AddItem("sku")),
				(context, message) -> context.sendEgress((Egress<String>) null, "text"));
		assertThat(mistakes)
			.allSatisfy((function) -> assertThat(cluster(Dialect.V3, function).mistake(Values.user("a")))
				.isInstanceOf(NullPointerException.class)
				.hasMessageContaining("must not be null"));
	}

	@Test
	void valueThatCannotBeEncodedNamesItsType() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.codec(MessageCodec.of(URI.class, "shop/uri", (uri) -> {
				throw new IllegalStateException("no luck");
			}, (bytes) -> URI.create("")))
			.egress("uris", KafkaEgress.of("shop/kafka", "uris"))
			.register(FunctionSpec.of(Cluster.FUNCTION),
					(context, message) -> context.sendEgress(Egress.of("uris", URI.class), URI.create("a:b")))
			.build();
		assertThat(new Cluster(Dialect.V3, functions).mistake(Values.user("a")))
			.hasMessage("A record value of type 'java.net.URI' can't be encoded as 'shop/uri'")
			.hasRootCauseMessage("no luck");
	}

	@Test
	void unknownEgressIsRefusedAtFirstUse() {
		assertThat(cluster(Dialect.V3, (context, message) -> context.sendEgress(Egress.of("item", String.class), "a"))
			.mistake(Values.user("a")))
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessage("Egress 'item' is not known; known are [items, names, stream]. Use one of these names, or "
					+ "declare the egress: with the properties 'statefun.egresses.item.*', or by "
					+ "StatefulFunctions.Builder.egress.");
	}

	@Test
	void unknownEgressOfAFunctionClassIsRefusedAtStartUp() {
		StatefulFunctions.Builder builder = functions().register("shop/function", new Misspelled());
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build)
			.withMessage("Egress 'item' of field '" + Misspelled.class.getName() + ".ITEMS' is not known; known are "
					+ "[items, names, stream]. Use one of these names, or declare the egress: with the properties "
					+ "'statefun.egresses.item.*', or by StatefulFunctions.Builder.egress.");
	}

	@Test
	void unmappedEgressOfAFunctionClassIsRefusedAtStartUp() {
		StatefulFunctions.Builder builder = functions().register("shop/function", new Unmapped());
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build)
			.withMessage("Egress 'items' of field '" + Unmapped.class.getName() + ".ITEMS' has values that can't be "
					+ "written: No mapping for type 'java.net.URI'. Mark it with "
					+ "@MessageType(\"<namespace>/<name>\"), add a MessageCodec that takes it, or use a protobuf "
					+ "message, boolean, int, long, float, double, String or google.protobuf.Any instead.");
	}

	@Test
	void egressWithADestinationIsAccepted() {
		assertThatCode(() -> functions().register("shop/function", new Right()).build()).doesNotThrowAnyException();
	}

	@Test
	void destinationsAreListedInTheOrderOfTheirRegistration() {
		Map<String, EgressDestination> egresses = functions().build().egresses();
		assertThat(egresses.keySet()).containsExactly("items", "names", "stream");
		assertThat(egresses).containsEntry("stream", KinesisEgress.of("shop/kinesis", "items"));
		assertThat(StatefulFunctions.builder().build().egresses()).isEmpty();
	}

	@Test
	void oneNameForTwoDestinationsIsRefused() {
		StatefulFunctions.Builder builder = functions();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder.egress("items", KinesisEgress.of("shop/kinesis", "items")))
			.withMessage(
					"Egress 'items' is declared as the Kafka topic 'items' of 'shop/kafka' and as the Kinesis stream "
							+ "'items' of 'shop/kinesis'. Give one of them another name, or remove one.");
	}

	@Test
	void oneEgressOfTheClusterForTwoKindsIsRefused() {
		StatefulFunctions.Builder builder = functions().egress("other", KinesisEgress.of("shop/kafka", "items"));
		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessage(
					"Egress 'shop/kafka' of the cluster is declared as the Kafka topic 'items' of 'shop/kafka' and as "
							+ "the Kinesis stream 'items' of 'shop/kafka'. Give each of them the id of an egress of its kind.");
	}

	@Test
	void destinationNeedsAnIdAndATopic() {
		assertThatIllegalArgumentException().isThrownBy(() -> KafkaEgress.of("kafka", "items"))
			.withMessage("Egress 'kafka' is not valid. Write it in the form '<namespace>/<name>', with both parts "
					+ "non-empty.");
		assertThatIllegalArgumentException().isThrownBy(() -> KafkaEgress.of("shop/kafka", ""))
			.withMessage("'topic' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> KinesisEgress.of("shop/kinesis", ""))
			.withMessage("'stream' must not be empty");
	}

	@Test
	void valuesMayHaveTypeArguments() {
		Egress<List<String>> egress = Egress.of("items", new GenericType<>() {
		});
		assertThat(egress).hasToString("'items' of 'java.util.List<java.lang.String>'")
			.isEqualTo(Egress.ofType("items", egress.type()))
			.isNotEqualTo(Egress.of("items", List.class));
	}

	static class Misspelled {

		private static final Egress<AddItem> ITEMS = Egress.of("item", AddItem.class);

		@Handler
		void on(User user, Context context) {
			context.sendEgress(ITEMS, new AddItem("sku"));
		}

	}

	static class Unmapped {

		private static final Egress<URI> ITEMS = Egress.of("items", URI.class);

		@Handler
		void on(User user, Context context) {
			context.sendEgress(ITEMS, URI.create("a:b"));
		}

	}

	static class Right {

		private static final Egress<AddItem> ITEMS = Egress.of("items", AddItem.class);

		@Handler
		void on(User user, Context context) {
			context.sendEgress(ITEMS, new AddItem("sku"));
		}

	}

}
