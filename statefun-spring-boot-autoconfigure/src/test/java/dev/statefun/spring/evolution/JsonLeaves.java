package dev.statefun.spring.evolution;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.manifest.Verdict;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Leaf values of a JSON text by path.
 */
final class JsonLeaves {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.build();

	private final Map<String, List<String>> texts = new HashMap<>();

	private final Map<String, String> renamed;

	private JsonLeaves(byte[] json, Map<String, String> renamed) {
		this.renamed = renamed;
		collect("", MAPPER.readTree(json));
	}

	/**
	 * Compare a text with the text that another release wrote after reading it.
	 * @param written text that was written
	 * @param again text that was written again
	 * @param renamed names and constants of one text by those of the other
	 * @return whether all values are present
	 */
	static Verdict compare(byte[] written, byte[] again, Map<String, String> renamed) {
		JsonLeaves one = new JsonLeaves(written, renamed);
		JsonLeaves other = new JsonLeaves(again, Map.of());
		boolean same = one.texts.entrySet().stream().allMatch((leaf) -> other.has(leaf.getKey(), leaf.getValue()));
		return same ? Verdict.READABLE : Verdict.READABLE_WITH_LOSS;
	}

	// Null equals absence
	private boolean has(String path, List<String> expected) {
		List<String> found = new ArrayList<>(this.texts.getOrDefault(path, List.of()));
		for (String text : expected) {
			if (!found.remove(text) && !(text.equals("null") && found.isEmpty())) {
				return false;
			}
		}
		return true;
	}

	private void collect(String path, JsonNode node) {
		if (node.isObject()) {
			node.forEachEntry((name, value) -> collect(path + "." + this.renamed.getOrDefault(name, name), value));
		}
		else if (node.isArray()) {
			node.forEach((element) -> collect(path + "[]", element));
		}
		else {
			String text = node.isNull() ? "null" : node.asString();
			this.texts.computeIfAbsent(path, (x) -> new ArrayList<>())
				.add(number(this.renamed.getOrDefault(text, text)));
		}
	}

	private static String number(String text) {
		try {
			return new BigDecimal(text).stripTrailingZeros().toPlainString();
		}
		catch (NumberFormatException ex) {
			return text;
		}
	}

}
