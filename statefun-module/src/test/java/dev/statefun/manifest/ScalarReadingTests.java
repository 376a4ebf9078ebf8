package dev.statefun.manifest;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.ValueSchema.Scalar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link ScalarReading} predicts the behavior of Jackson for each pair of
 * kinds.
 */
class ScalarReadingTests {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final JsonMapper EXACT = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private static final Map<ScalarKind, Class<?>> TYPES = new EnumMap<>(
			Map.ofEntries(Map.entry(ScalarKind.BOOLEAN, boolean.class), Map.entry(ScalarKind.BYTE, byte.class),
					Map.entry(ScalarKind.SHORT, short.class), Map.entry(ScalarKind.INT, int.class),
					Map.entry(ScalarKind.LONG, long.class), Map.entry(ScalarKind.BIG_INTEGER, BigInteger.class),
					Map.entry(ScalarKind.FLOAT, float.class), Map.entry(ScalarKind.DOUBLE, double.class),
					Map.entry(ScalarKind.DECIMAL, BigDecimal.class), Map.entry(ScalarKind.CHARACTER, char.class),
					Map.entry(ScalarKind.TEXT, String.class), Map.entry(ScalarKind.BINARY, byte[].class)));

	private static final Map<ScalarKind, List<?>> VALUES = new EnumMap<>(
			Map.ofEntries(Map.entry(ScalarKind.BOOLEAN, List.of(true, false)),
					Map.entry(ScalarKind.BYTE, List.of(Byte.MIN_VALUE, (byte) 2, Byte.MAX_VALUE)),
					Map.entry(ScalarKind.SHORT, List.of(Short.MIN_VALUE, (short) 2, Short.MAX_VALUE)),
					Map.entry(ScalarKind.INT, List.of(Integer.MIN_VALUE, 2, Integer.MAX_VALUE)),
					Map.entry(ScalarKind.LONG, List.of(Long.MIN_VALUE, 2L, Long.MAX_VALUE)),
					Map.entry(ScalarKind.BIG_INTEGER, List.of(BigInteger.TEN.pow(400), BigInteger.TEN)),
					Map.entry(ScalarKind.FLOAT, List.of(0.1f, 1.5f, Float.MAX_VALUE, Float.NaN)),
					Map.entry(ScalarKind.DOUBLE, List.of(0.1, 1.9, Double.MAX_VALUE, Double.NEGATIVE_INFINITY)),
					Map.entry(ScalarKind.DECIMAL,
							List.of(new BigDecimal("0.123456789012345678901"), new BigDecimal("1e30"))),
					Map.entry(ScalarKind.CHARACTER, List.of('x', '7')),
					Map.entry(ScalarKind.TEXT, List.of("", "text", "1", "true", "?")),
					Map.entry(ScalarKind.BINARY, List.of(new byte[] { 1, 2, 3 }, new byte[0]))));

	private static List<Pair> pairs() {
		List<Pair> pairs = new ArrayList<>();
		for (ScalarKind written : ScalarKind.values()) {
			for (ScalarKind read : ScalarKind.values()) {
				pairs.add(new Pair(written, read));
			}
		}
		return pairs;
	}

	// One test for all: there are thousands
	@Test
	void verdictMatchesTheWorstResult() throws Exception {
		assertThat(pairs()).hasSizeGreaterThan(100);
		List<String> others = new ArrayList<>();
		for (Pair pair : pairs()) {
			Verdict happened = happened(pair);
			Verdict predicted = predicted(pair);
			if (predicted != happened) {
				others.add(pair + ": predicted " + predicted + ", happened " + happened);
			}
		}
		assertThat(others).isEmpty();
	}

	private static Verdict happened(Pair pair) {
		Verdict worst = Verdict.READABLE;
		for (Object value : Objects.requireNonNull(VALUES.get(pair.written()))) {
			Verdict happened = read(value, Objects.requireNonNull(TYPES.get(pair.read())));
			worst = (happened.compareTo(worst) > 0) ? happened : worst;
		}
		return worst;
	}

	private static @Nullable Verdict predicted(Pair pair) {
		return ScalarReading.of(new Scalar(pair.read()), new Scalar(pair.written())).verdict();
	}

	private static Verdict read(Object value, Type type) {
		String json = MAPPER.writeValueAsString(value);
		try {
			Object read = MAPPER.readValue(json, MAPPER.constructType(type));
			return isSame(EXACT.readTree(json), EXACT.readTree(EXACT.writeValueAsString(read))) ? Verdict.READABLE
					: Verdict.READABLE_WITH_LOSS;
		}
		catch (JacksonException ex) {
			return Verdict.UNREADABLE;
		}
	}

	// Compares texts, and numbers by value
	private static boolean isSame(JsonNode one, JsonNode other) {
		if (one.isNumber() && other.asString().matches("-?[0-9].*")) {
			return new BigDecimal(one.asString()).compareTo(new BigDecimal(other.asString())) == 0;
		}
		return one.asString().equals(other.asString());
	}

	record Pair(ScalarKind written, ScalarKind read) {

	}

}
