package dev.statefun.spring.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.sdk.registry.InvalidFunctionException;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for JSON messages and states of types with type arguments.
 */
class JsonGenericTypesTests {

	private static final Address JOE = Address.of("shop/function", "joe");

	private static StatefulFunctions functions(Object function) {
		return StatefulFunctions.builder()
			.codecs(new JsonMessageCodecs(JsonMapper.builder().build()))
			.register("shop/function", function)
			.build();
	}

	private static LocalRuntime runtime(Object function) {
		return LocalRuntime.of(functions(function)).manualClock().start();
	}

	private static Any message(String typename, String json) {
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFromUtf8(json)).build();
	}

	@Test
	void messageIsReadWithItsTypeArguments() {
		Pages function = new Pages();
		try (LocalRuntime runtime = runtime(function)) {
			runtime.send(JOE, message("shop/Page", "{\"items\":[{\"sku\":\"tea\"}]}"));
			runtime.send(JOE, new Page<>(List.of(new Item("milk"))));
			runtime.runUntilIdle();
		}
		assertThat(function.seen).containsExactly(new Item("tea"), new Item("milk"));
	}

	@Test
	void elementsOfSentCollectionsIncludeTheirType() throws Exception {
		StatefulFunctions functions = functions(new Object() {

			@Handler
			void on(Page<Shape> page) {
			}

		});
		assertThat(functions.mappings().of(Page.class).codec().encode(new Page<>(List.of(new Circle(3)))))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"items\":[{\"@type\":\"JsonGenericTypesTests$Circle\",\"radius\":3}]}");
	}

	@Test
	void undeclaredTypeCanBeSent() throws Exception {
		assertThat(functions(new Pages()).mappings().of(Pair.class).codec().encode(new Pair<>("a", new Item("tea"))))
			.asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"first\":\"a\",\"second\":{\"sku\":\"tea\"}}");
	}

	@Test
	void collectionsCanBeStates() {
		try (LocalRuntime runtime = runtime(new Collections())) {
			runtime.send(JOE, 1);
			runtime.runUntilIdle();
			runtime.send(JOE, 2);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "numbers")).contains(message("shop/numbers", "[1,2]"));
			assertThat(runtime.state(JOE, "numbers", new GenericType<Set<Integer>>() {
			})).contains(Set.of(1, 2));
			assertThat(runtime.state(JOE, "items", new GenericType<Map<String, Item>>() {
			})).contains(Map.of("1", new Item("sku-1"), "2", new Item("sku-2")));
			assertThat(runtime.state(JOE, "array")).contains(message("shop/array", "[{\"sku\":\"2\"}]"));
		}
	}

	@Test
	void localRuntimeAcceptsCollections() {
		try (LocalRuntime runtime = runtime(new Collections())) {
			runtime.setState(JOE, "numbers", Set.of(7));
			runtime.send(JOE, 1);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "numbers")).contains(message("shop/numbers", "[1,7]"));
		}
	}

	@Test
	void collectionWithoutATypeNameIsRefused() {
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(() -> functions(new Object() {

			@Handler
			void on(int number, @Persisted("numbers") PersistedValue<Set<Integer>> numbers) {
			}

		}))
			.withMessageEndingWith(
					"state 'numbers': No mapping for type 'java.util.Set<java.lang.Integer>'. Put it into a "
							+ "record marked @MessageType(\"<namespace>/<name>\"); the Spring Boot starter also keeps it as a state "
							+ "that has a type name, @Persisted(type = \"<namespace>/<name>\").");
	}

	@Test
	void bytesAreLeftToOtherCodecs() {
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(() -> functions(new Object() {

			@Handler
			void on(int number, @Persisted(value = "raw", type = "shop/raw") PersistedValue<byte[]> raw) {
			}

		})).withMessageContaining("state 'raw': No mapping for type 'byte[]'");
	}

	@Test
	void messagesWithEarlierNamesAreRead() {
		List<String> seen = new ArrayList<>();
		try (LocalRuntime runtime = runtime(new Object() {

			@Handler
			void on(Renamed renamed) {
				seen.add(renamed.sku());
			}

		})) {
			runtime.send(JOE, message("shop/Old", "{\"sku\":\"a\"}"));
			runtime.send(JOE, message("shop/Older", "{\"sku\":\"b\"}"));
			runtime.send(JOE, new Renamed("c"));
			runtime.runUntilIdle();
		}
		assertThat(seen).containsExactly("a", "b", "c");
	}

	@Test
	void twoClassesWithTheSameNameAreRejected() {
		assertThatExceptionOfType(InvalidFunctionException.class).isThrownBy(() -> functions(new Object() {

			@Handler
			Renamed on(OtherRenamed message) {
				return new Renamed(message.sku());
			}

		})).withMessageContaining("Message type 'shop/Old' is the name of '");
	}

	@MessageType("shop/Page")
	record Page<T>(List<T> items) {

	}

	@MessageType("shop/Pair")
	record Pair<A, B>(A first, B second) {

	}

	record Item(String sku) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

	@MessageType(value = "shop/Renamed", aliases = { "shop/Old", "shop/Older" })
	record Renamed(String sku) {

	}

	@MessageType("shop/Old")
	record OtherRenamed(String sku) {

	}

	static class Pages {

		private final List<Item> seen = new ArrayList<>();

		@Handler
		void on(Page<Item> page) {
			for (Item item : page.items()) {
				this.seen.add(item);
			}
		}

	}

	static class Collections {

		@Handler
		void on(int number, Context context,
				@Persisted(value = "numbers", type = "shop/numbers") PersistedValue<Set<Integer>> numbers,
				@Persisted(value = "items", type = "shop/items") PersistedValue<Map<String, Item>> items,
				@Persisted(value = "array", type = "shop/array") PersistedValue<Item[]> array) {
			Set<Integer> all = new TreeSet<>(numbers.get().orElse(Set.of()));
			all.add(number);
			numbers.set(all);
			Map<String, Item> known = new HashMap<>(items.get().orElse(Map.of()));
			known.values().forEach((item) -> assertThat(item.sku()).startsWith("sku-"));
			known.put(String.valueOf(number), new Item("sku-" + number));
			items.set(known);
			array.set(new Item[] { new Item(String.valueOf(number)) });
		}

	}

}
