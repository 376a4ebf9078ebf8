package dev.statefun.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds the maps and lists of YAML documents. All of them are new, as an object in two
 * places would become an anchor.
 */
abstract class YamlObjects {

	/**
	 * Create a map that keeps its order.
	 * @param keysAndValues keys, each followed by its value
	 * @return a new map
	 */
	static Map<String, Object> map(Object... keysAndValues) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			map.put((String) keysAndValues[i], keysAndValues[i + 1]);
		}
		return map;
	}

	@SafeVarargs
	static <T> List<T> list(T... items) {
		List<T> list = new ArrayList<>();
		for (T item : items) {
			list.add(item);
		}
		return list;
	}

}
