package dev.statefun.manifest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import com.google.protobuf.Any;
import dev.statefun.manifest.StateChange.Kind;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.schema.Form;
import dev.statefun.sdk.schema.Missing;
import dev.statefun.sdk.schema.ScalarKind;
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
import dev.statefun.sdk.schema.ValueSchema.ProtobufEnum;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField;
import dev.statefun.sdk.schema.ValueSchema.ProtobufField.Label;
import dev.statefun.sdk.schema.ValueSchema.ProtobufMessage;
import dev.statefun.sdk.schema.ValueSchema.Reference;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import dev.statefun.sdk.schema.ValueSchema.Sequence;
import dev.statefun.sdk.schema.ValueSchema.Structure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StateManifest} and the descriptions of changes.
 */
class StateManifestTests {

	private static final Duration DAY = Duration.ofDays(1);

	private static final FunctionSpec CART = FunctionSpec.of("shop/cart");

	@Test
	void stateOfTimersIsListed() {
		StatefulFunctions functions = StatefulFunctions.builder().register(CART.timers(), (context, message) -> {
		}).build();
		StateManifest manifest = StateManifest.of(functions);
		assertThat(manifest.toJson()).contains("""
				      "states" : {
				        "statefun_timers" : {
				          "type" : "statefun/timers",
				""");
		assertThat(StateManifest.parse(manifest.toJson())).isEqualTo(manifest);
	}

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
	void writtenManifestCanBeRead() {
		StateManifest manifest = manifest(CART.state("total", long.class)
			.state("items", Any.class, Expiration.afterCall(DAY))
			.state("last", String.class, Expiration.afterWrite(DAY)));
		assertThat(StateManifest.parse(manifest.toJson())).isEqualTo(manifest);
		assertThat(manifest.changesSince(StateManifest.parse(manifest.toJson()))).isEmpty();
	}

	@Test
	void statesOfARecordAreThoseOfParameters() {
		StateManifest parameters = StateManifest
			.of(StatefulFunctions.builder().register("shop/cart", new Stock()).build());
		StateManifest record = StateManifest
			.of(StatefulFunctions.builder().register("shop/cart", new RecordStock()).build());
		assertThat(record).isEqualTo(parameters);
		assertThat(manifest(CART.states(Left.class))).isEqualTo(manifest(CART.state("left", Integer.class)));
	}

	@Test
	void componentOfARecordIsRenamed() {
		assertThat(kinds(CART.states(Left.class), CART.states(RenamedLeft.class))).containsExactly(Kind.RENAMED);
		assertThat(kinds(CART.states(Left.class), CART.states(NamedLeft.class))).isEmpty();
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
	void renameIsDetectedOnlyIfTheTypeIsUnique() {
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
	void everySchemaIsWrittenAndRead() {
		Scalar text = new Scalar(ScalarKind.TEXT);
		Scalar number = new Scalar(ScalarKind.INT, new TreeSet<>(Set.of(Form.values())));
		Content content = new Content(text, true, Missing.values()[0]);
		SortedMap<String, ValueSchema> schemas = new TreeMap<>();
		schemas.put("named", new Named("shop.Money", ScalarKind.DECIMAL));
		schemas.put("enum",
				new Enumeration(new TreeMap<>(Map.of("A", new TreeSet<>(Set.of("A", "a")))), Unknown.IGNORED));
		schemas.put("list", new Sequence(content, false));
		schemas.put("set", new Sequence(new Content(number, false, Missing.REFUSED), true));
		schemas.put("map", new Mapping(number, content));
		schemas.put("optional", new Maybe(new Reference("list")));
		schemas
			.put("object",
					new Structure(
							new TreeMap<>(Map.of("a",
									new Property(content, new TreeSet<>(Set.of("b")), false, true, false,
											Missing.REFUSED),
									"c", new Property(content, new TreeSet<>(), true, false, true, Missing.REFUSED))),
							Unknown.REFUSED));
		schemas.put("subtypes",
				new Alternatives("@type", "PROPERTY", new TreeMap<>(Map.of("A", text)), Unknown.REFUSED));
		schemas.put("message", new ProtobufMessage("shop.Cart",
				new TreeMap<>(Map.of(1,
						new ProtobufField("items", "message", new Reference("enum"), Label.REPEATED, null, false, true),
						2, new ProtobufField("note", "string", null, Label.OPTIONAL, "any", true, false)))));
		schemas.put("protobufEnum", new ProtobufEnum("shop.Level", true, new TreeMap<>(Map.of(0, "NONE"))));
		schemas.put("opaque", new Opaque("a serializer of its own"));
		StateManifest manifest = new StateManifest(new TreeMap<>(), schemas);
		assertThat(StateManifest.parse(manifest.toJson())).isEqualTo(manifest);
	}

	@Test
	void unknownSchemaIsRejected() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> StateManifest.parse("{\"version\":2,\"functions\":{},\"schemas\":{\"a\":{\"b\":1}}}"))
			.withMessage("The manifest of states has no schema at a");
	}

	@Test
	void onlySomeKindsOfChangeAreBreaking() {
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
	void jsonThatIsNotAManifestIsRejected(String json, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> StateManifest.parse(json.replace('\'', '"')))
			.withMessage(message);
	}

	@Test
	void invalidJsonIsRejected() {
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

	record Left(PersistedValue<Integer> left) {

	}

	record RenamedLeft(PersistedValue<Integer> rest) {

	}

	record NamedLeft(@Persisted("left") PersistedValue<Integer> rest) {

	}

	static final class RecordStock {

		@Handler
		void take(int amount, Left states) {
			states.left().set(states.left().get().orElse(0) - amount);
		}

		@Handler
		void note(String text) {
		}

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

}
