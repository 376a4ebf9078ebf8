package dev.statefun.sdk.protocol;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BytesTable}, compared with a map.
 */
class BytesTableTests {

	private static final String LETTERS = "aab/é";

	private final Random random = new Random(42);

	@Test
	void onlyEntriesAreFound() {
		Map<String, Integer> names = new HashMap<>();
		for (int i = 0; i < 2000; i++) {
			names.put(name(), i);
		}
		BytesTable<Integer> table = new BytesTable<>(names);
		names.forEach((name, value) -> assertThat(find(table, name)).isEqualTo(value));
		for (int i = 0; i < 20_000; i++) {
			String name = name();
			assertThat(find(table, name)).isEqualTo(names.get(name));
		}
	}

	@Test
	void partsAreFoundAtEverySlash() {
		Map<String, Integer> names = new HashMap<>();
		for (int i = 0; i < 2000; i++) {
			names.put(name(), i);
		}
		BytesTable<Integer> table = new BytesTable<>(names);
		for (Map.Entry<String, Integer> entry : names.entrySet()) {
			String name = entry.getKey();
			for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
				assertThat(find(table, name.substring(0, slash), name.substring(slash + 1)))
					.isEqualTo(entry.getValue());
			}
		}
		for (int i = 0; i < 20_000; i++) {
			String first = name();
			String second = name();
			assertThat(find(table, first, second)).isEqualTo(names.get(first + "/" + second));
		}
	}

	@Test
	void emptyTableFindsNothing() {
		BytesTable<Integer> table = new BytesTable<>(Map.of());
		assertThat(find(table, "")).isNull();
		assertThat(find(table, "a", "b")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "s", "state", "states-", "numbered-state-" })
	void namesThatDifferInTheirEndAreSpread(String prefix) {
		for (int names : new int[] { 10, 50, 1000 }) {
			// Chance would leave some 80 % of the names alone
			assertThat(slots(names, (i) -> hash(prefix + i))).as("slots of %d names", names)
				.isGreaterThan(names * 2L / 3);
			assertThat(slots(names, (i) -> BytesTable.join(hash("namespace"), hash(prefix + i))))
				.as("slots of %d parts", names)
				.isGreaterThan(names * 2L / 3);
		}
	}

	private static long slots(int names, IntToLongFunction hash) {
		int capacity = BytesTable.capacity(names);
		return IntStream.range(0, names).map((i) -> BytesTable.slot(capacity, hash.applyAsLong(i))).distinct().count();
	}

	private static long hash(String name) {
		return BytesTable.hash(name.getBytes(StandardCharsets.UTF_8), 0, name.length());
	}

	private String name() {
		StringBuilder name = new StringBuilder();
		for (int length = this.random.nextInt(20); length > 0; length--) {
			name.append(LETTERS.charAt(this.random.nextInt(LETTERS.length())));
		}
		return name.toString();
	}

	// Within other bytes, as in a request
	private static @Nullable Integer find(BytesTable<Integer> table, String name) {
		byte[] bytes = ("#" + name + "#########").getBytes(StandardCharsets.UTF_8);
		return table.find(bytes, 1, bytes.length - 10);
	}

	private static @Nullable Integer find(BytesTable<Integer> table, String namespace, String name) {
		byte[] bytes = (namespace + "##" + name).getBytes(StandardCharsets.UTF_8);
		int namespaceLength = namespace.getBytes(StandardCharsets.UTF_8).length;
		return table.find(bytes, 0, namespaceLength, namespaceLength + 2, bytes.length - namespaceLength - 2);
	}

}
