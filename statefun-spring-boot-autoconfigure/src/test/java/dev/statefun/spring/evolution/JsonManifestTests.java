package dev.statefun.spring.evolution;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.Struct;
import dev.statefun.manifest.StateChange;
import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.manifest.StateManifest;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StateManifest} with the schemas of JSON types.
 */
class JsonManifestTests {

	@Test
	void insideOfStatesAndMessagesIsCompared() {
		assertThat(manifest(new LargerCarts()).changesSince(manifest(new Carts()))).extracting(StateChange::toString)
			.containsExactly(
					"FIELD_ADDED in function 'shop/cart', state 'cart', at 'items[].price': was nothing, is double. "
							+ "Forward unreadable, as it is required; back readable with loss, as it is not read, and "
							+ "gone once the value is written again. Keep what was, or give the state or message a new "
							+ "name and read both.",
					"FIELD_ADDED in function 'shop/cart', message 'shop/cart', at 'items[].price': was nothing, is "
							+ "double. Forward unreadable, as it is required; back readable with loss, as it is not "
							+ "read, and gone once the value is written again. Keep what was, or give the state or "
							+ "message a new name and read both.");
	}

	@Test
	void changeThatTheEarlierReleaseCantReadBreaksOnlyBack() {
		StateChange change = manifest(new Carts()).changesSince(manifest(new LargerCarts())).get(0);
		assertThat(change.isBreaking()).isFalse();
		assertThat(change.isBreakingBack()).isTrue();
		assertThat(change.isHarmless()).isFalse();
		assertThat(change.toString())
			.contains("at 'items[].price': was double, is nothing. Forward readable with loss, "
					+ "as it is not read, and gone once the value is written again; back unreadable, as it is required. "
					+ "Neither roll back nor let both releases run once it was written");
	}

	@Test
	void typeThatRefersToItselfIsComparedOnce() {
		assertThat(manifest(new LargerTrees()).changesSince(manifest(new Trees()))).extracting(StateChange::path)
			.containsExactly("name", "name");
	}

	@Test
	void settingsOfTheMapperThatChangeNoValueAreNoChanges() {
		JsonMapper lenient = JsonMapper.builder()
			.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.build();
		StateManifest before = StateManifest.of(functions(new JsonMapper(), new LargerCarts()));
		StateManifest after = StateManifest.of(functions(lenient, new LargerCarts()));
		assertThat(after).isNotEqualTo(before);
		assertThat(after.changesSince(before)).isEmpty();
	}

	@Test
	void everySchemaIsWrittenAndRead() {
		StateManifest manifest = manifest(new Everythings());
		assertThat(StateManifest.parse(manifest.toJson())).isEqualTo(manifest);
		assertThat(manifest.toJson()).isEqualTo(manifest(new Everythings()).toJson());
	}

	@Test
	void fingerprintDoesNotCountTheInside() {
		assertThat(manifest(new LargerCarts()).fingerprint()).isEqualTo(manifest(new Carts()).fingerprint())
			.isEqualTo(StateManifest.fingerprint(functions(new Carts())));
	}

	@Test
	void earlierVersionIsReadAndSaysNothingAboutTheInside() {
		StateManifest earlier = StateManifest.parse("""
				{
				  "version" : 1,
				  "functions" : {
				    "shop/cart" : {
				      "messages" : [ "shop/cart" ],
				      "states" : {
				        "cart" : { "type" : "shop/cart" },
				        "total" : { "type" : "io.statefun.types/int" }
				      }
				    }
				  }
				}
				""");
		List<StateChange> changes = manifest(new Carts()).changesSince(earlier);
		assertThat(changes).extracting(StateChange::toString)
			.containsExactly(
					"NOT_RECORDED in function 'shop/cart': was not recorded, is recorded. The earlier manifest "
							+ "does not describe the inside of values, so changes there are not reported.");
		assertThat(changes.get(0).isHarmless()).isTrue();
	}

	@Test
	void valueThatBecameOpaqueCantBeTold() {
		assertThat(manifest(new OpaqueCarts()).changesSince(manifest(new Carts()))).allSatisfy((change) -> {
			assertThat(change.kind()).isEqualTo(Kind.OPAQUE);
			assertThat(change.forward()).isNull();
			assertThat(change.isBreaking()).isFalse();
			assertThat(change.isHarmless()).isFalse();
		}).extracting(StateChange::path).containsExactly("items", "items");
	}

	private static StateManifest manifest(Object function) {
		return StateManifest.of(functions(function));
	}

	private static StatefulFunctions functions(Object function) {
		return functions(new JsonMapper(), function);
	}

	private static StatefulFunctions functions(JsonMapper mapper, Object function) {
		return StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(mapper))
			.register("shop/cart", function)
			.build();
	}

	record Item(String name) {

	}

	@MessageType("shop/cart")
	record Cart(List<Item> items) {

	}

	record LargerItem(String name, @JsonProperty(required = true) double price) {

	}

	@MessageType("shop/cart")
	record LargerCart(List<LargerItem> items) {

	}

	@MessageType("shop/cart")
	record OpaqueCart(Object items) {

	}

	@MessageType("shop/cart")
	record Tree(Optional<Tree> left, List<Tree> others) {

	}

	@MessageType("shop/cart")
	record LargerTree(Optional<LargerTree> left, List<LargerTree> others, String name) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape permits Circle, Group {

	}

	record Circle(double radius) implements Shape {

	}

	record Group(List<Shape> shapes) implements Shape {

	}

	@MessageType("shop/cart")
	record Everything(Shape shape, Set<Integer> numbers, Map<Kind, UUID> keys, Object any, byte[] bytes,
			@JsonAlias("former") Optional<Integer> maybe, @JsonInclude(JsonInclude.Include.NON_NULL) String note) {

	}

	static final class Carts {

		@Handler
		void on(Cart cart, @Persisted("cart") PersistedValue<Cart> kept,
				@Persisted("total") PersistedValue<Integer> total) {
		}

	}

	static final class LargerCarts {

		@Handler
		void on(LargerCart cart, @Persisted("cart") PersistedValue<LargerCart> kept,
				@Persisted("total") PersistedValue<Integer> total) {
		}

	}

	static final class OpaqueCarts {

		@Handler
		void on(OpaqueCart cart, @Persisted("cart") PersistedValue<OpaqueCart> kept,
				@Persisted("total") PersistedValue<Integer> total) {
		}

	}

	static final class Trees {

		@Handler
		void on(Tree tree, @Persisted("tree") PersistedValue<Tree> kept) {
		}

	}

	static final class LargerTrees {

		@Handler
		void on(LargerTree tree, @Persisted("tree") PersistedValue<LargerTree> kept) {
		}

	}

	static final class Everythings {

		@Handler
		void on(Everything everything, @Persisted("value") PersistedValue<Everything> kept,
				@Persisted("struct") PersistedValue<Struct> struct) {
		}

	}

}
