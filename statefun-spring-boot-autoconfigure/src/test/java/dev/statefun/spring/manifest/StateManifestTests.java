package dev.statefun.spring.manifest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.json.JsonMessageCodecs;
import dev.statefun.spring.manifest.StateChange.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StateManifest} and what is said about changes.
 */
class StateManifestTests {

	private static final Duration DAY = Duration.ofDays(1);

	private static final FunctionSpec CART = FunctionSpec.of("shop/cart");

	@Test
	void manifestIsWrittenInTheOrderOfNames() {
		StatefulFunctions functions = StatefulFunctions.builder()
			.register("shop/stock", new Stock())
			.register(
					CART.state("total", long.class)
						.state("items", Any.class, Expiration.afterCall(DAY))
						.state("last", String.class, Expiration.afterWrite(Duration.ofMillis(1500))),
					(context, message) -> {
					})
			.build();
		assertThat(StateManifest.of(functions).toJson()).isEqualTo("""
				{
				  "version" : 2,
				  "functions" : {
				    "shop/cart" : {
				      "messages" : {
				        "*" : { }
				      },
				      "states" : {
				        "items" : {
				          "type" : "type.googleapis.com/google.protobuf.Any",
				          "expireAfterCall" : "PT24H",
				          "schema" : {
				            "ref" : "google.protobuf.Any"
				          }
				        },
				        "last" : {
				          "type" : "io.statefun.types/string",
				          "expireAfterWrite" : "PT1.5S",
				          "schema" : "text"
				        },
				        "total" : {
				          "type" : "io.statefun.types/long",
				          "schema" : "long"
				        }
				      }
				    },
				    "shop/stock" : {
				      "messages" : {
				        "io.statefun.types/int" : {
				          "schema" : "int"
				        },
				        "io.statefun.types/string" : {
				          "schema" : "text"
				        }
				      },
				      "states" : {
				        "left" : {
				          "type" : "io.statefun.types/int",
				          "schema" : "int"
				        }
				      }
				    }
				  },
				  "schemas" : {
				    "google.protobuf.Any" : {
				      "message" : "google.protobuf.Any",
				      "fields" : {
				        "1" : {
				          "name" : "type_url",
				          "type" : "string",
				          "label" : "implicit",
				          "utf8" : true
				        },
				        "2" : {
				          "name" : "value",
				          "type" : "bytes",
				          "label" : "implicit"
				        }
				      }
				    }
				  }
				}
				""");
	}

	@Test
	void whatWasWrittenIsRead() {
		StateManifest manifest = manifest(CART.state("total", long.class)
			.state("items", Any.class, Expiration.afterCall(DAY))
			.state("last", String.class, Expiration.afterWrite(DAY)));
		assertThat(StateManifest.parse(manifest.toJson())).isEqualTo(manifest);
		assertThat(manifest.changesSince(StateManifest.parse(manifest.toJson()))).isEmpty();
	}

	@Test
	void typeIsChanged() {
		assertThat(changes(CART.state("total", int.class), CART.state("total", long.class)))
			.containsExactly("TYPE_CHANGED in function 'shop/cart', state 'total': was 'io.statefun.types/int', is "
					+ "'io.statefun.types/long'. A 3.x cluster fails the job for it, also when it restores a savepoint, "
					+ "and on 2.x the stored values can't be read. Keep the type, or give the state a new name and "
					+ "read both.");
	}

	@Test
	void timeToLiveIsChanged() {
		assertThat(changes(CART.state("total", int.class, Expiration.afterWrite(DAY)),
				CART.state("total", int.class, Expiration.afterCall(DAY.multipliedBy(2)))))
			.containsExactly("TTL_CHANGED in function 'shop/cart', state 'total': was expiring PT24H after a write, is "
					+ "expiring PT48H after a call. A running job ignores it until it restarts; clusters of 2.x need "
					+ "it in module.yaml.");
	}

	@Test
	void timeToLiveIsTurnedOn() {
		assertThat(changes(CART.state("total", int.class), CART.state("total", int.class, Expiration.afterWrite(DAY))))
			.containsExactly(
					"TTL_SWITCHED in function 'shop/cart', state 'total': was expiring never, is expiring PT24H "
							+ "after a write. Flink refuses to restore a state whose expiry was turned on or off. "
							+ "Give the state a new name.");
		assertThat(kinds(CART.state("total", int.class, Expiration.afterCall(DAY)), CART.state("total", int.class)))
			.containsExactly(Kind.TTL_SWITCHED);
	}

	@Test
	void stateIsRenamed() {
		assertThat(changes(CART.state("total", int.class), CART.state("sum", int.class))).containsExactly(
				"RENAMED in function 'shop/cart', state 'total': was 'total', is 'sum'. States are found by "
						+ "name, so the new one begins absent and what the old one holds is not read any more. "
						+ "Keep the name, or read both.");
	}

	@Test
	void statesOfOtherTypesOrSeveralOfOneAreNotRenamed() {
		assertThat(kinds(CART.state("total", int.class), CART.state("sum", long.class))).containsExactly(Kind.REMOVED,
				Kind.ADDED);
		assertThat(kinds(CART.state("a", int.class).state("b", int.class), CART.state("c", int.class)))
			.containsExactly(Kind.REMOVED, Kind.REMOVED, Kind.ADDED);
	}

	@Test
	void stateIsRemoved() {
		assertThat(changes(CART.state("total", int.class), CART))
			.containsExactly("REMOVED in function 'shop/cart', state 'total': was 'io.statefun.types/int', is nothing. "
					+ "Its values stay behind and can't be read any more.");
	}

	@Test
	void stateIsAdded() {
		assertThat(changes(CART, CART.state("total", int.class)))
			.containsExactly("ADDED in function 'shop/cart', state 'total': was nothing, is 'io.statefun.types/int'. "
					+ "It begins absent everywhere; clusters of 2.x need it in module.yaml.");
	}

	@Test
	void functionIsRenamed() {
		assertThat(changes(CART.state("total", int.class), FunctionSpec.of("shop/basket").state("total", int.class)))
			.containsExactly(
					"FUNCTION_ADDED in function 'shop/basket': was nothing, is served. "
							+ "It has to be in module.yaml.",
					"FUNCTION_REMOVED in function 'shop/cart': was served, is nothing. Messages that are still on their "
							+ "way to it fail the job once it is missing in module.yaml, and its states stay behind.");
	}

	@Test
	void messageIsRemovedAndAdded() {
		StateManifest stock = StateManifest.of(StatefulFunctions.builder().register("shop/cart", new Stock()).build());
		StateManifest any = manifest(CART.state("left", int.class));
		assertThat(stock.changesSince(any)).extracting(StateChange::toString)
			.containsExactly(
					"MESSAGE_REMOVED in function 'shop/cart': was taking '*', is not. "
							+ "Messages of the type that are still on their way fail.",
					"MESSAGE_ADDED in function 'shop/cart': was not taking 'io.statefun.types/int', is taking it. "
							+ "Its senders have to be deployed later.",
					"MESSAGE_ADDED in function 'shop/cart': was not taking 'io.statefun.types/string', is taking it. "
							+ "Its senders have to be deployed later.");
		assertThat(any.changesSince(stock)).extracting(StateChange::kind).containsExactly(Kind.MESSAGE_ADDED);
	}

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
		assertThat(manifest(CART.state("total", int.class)).changesSince(manifest(CART.state("total", int.class))))
			.isEmpty();
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

	@Test
	void onlySomeChangesBreak() {
		assertThat(Kind.values()).filteredOn((kind) -> change(kind).isBreaking())
			.containsExactly(Kind.TYPE_CHANGED, Kind.TTL_SWITCHED, Kind.RENAMED);
		assertThat(Kind.values()).filteredOn(Kind::isAddition)
			.containsExactly(Kind.ADDED, Kind.FUNCTION_ADDED, Kind.MESSAGE_ADDED);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "[]|A manifest of states has a 'version' and 'functions', which were not found",
					"{'functions':{}}|A manifest of states has a 'version' and 'functions', which were not found",
					"{'version':3,'functions':{}}|The manifest of states has version 3; expected 1 to 2",
					"{'version':1,'functions':{'a/b':{'states':{'c':{}}}}}|The manifest of states has no text at "
							+ "'states.c.type' of function 'a/b'",
					"{'version':1,'functions':{'a/b':{'states':{'c':{'type':'d/e','expireAfterCall':'1d'}}}}}|"
							+ "The manifest of states has '1d' at 'states.c' of function 'a/b'; expected an ISO-8601 "
							+ "duration" })
	void whatIsNoManifestIsRefused(String json, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> StateManifest.parse(json.replace('\'', '"')))
			.withMessage(message);
	}

	@Test
	void whatIsNoJsonIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> StateManifest.parse("{"))
			.withMessageStartingWith("A manifest of states can't be parsed: ");
	}

	private static StateChange change(Kind kind) {
		return new StateChange(kind, "shop/cart", null, "a", "b", "c");
	}

	private static List<String> changes(FunctionSpec before, FunctionSpec after) {
		return manifest(after).changesSince(manifest(before)).stream().map(StateChange::toString).toList();
	}

	private static List<Kind> kinds(FunctionSpec before, FunctionSpec after) {
		return manifest(after).changesSince(manifest(before)).stream().map(StateChange::kind).toList();
	}

	private static StateManifest manifest(FunctionSpec spec) {
		return StateManifest.of(StatefulFunctions.builder().register(spec, (context, message) -> {
		}).build());
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

	static final class Stock {

		@Handler
		void take(int amount, @Persisted("left") PersistedValue<Integer> left) {
			left.set(left.get().orElse(0) - amount);
		}

		@Handler
		void note(String text) {
		}

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
