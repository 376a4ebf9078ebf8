package dev.statefun.spring.gateway.openapi;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Schemas that are referred to by name. Not thread-safe.
 */
final class ComponentSchemas {

	private final Map<Object, String> names = new HashMap<>();

	private final SortedMap<String, Map<String, Object>> schemas = new TreeMap<>();

	/**
	 * Return a reference to a schema, which is created for the first reference. A schema
	 * may refer to itself.
	 * @param name full name of the type; the part after its last dot is used
	 * @param key identity of the type
	 * @param schema creates the schema
	 * @return the reference
	 */
	Map<String, Object> refer(String name, Object key, Supplier<Map<String, Object>> schema) {
		String known = this.names.get(key);
		if (known == null) {
			known = free(simple(name));
			this.names.put(key, known);
			// Reserves the name while the schema is created
			this.schemas.put(known, Map.of());
			this.schemas.put(known, schema.get());
		}
		return Map.of("$ref", "#/components/schemas/" + known);
	}

	// Type arguments and the packages of nested types are left out
	private static String simple(String name) {
		int arguments = name.indexOf('<');
		String raw = (arguments >= 0) ? name.substring(0, arguments) : name;
		String last = raw.substring(raw.lastIndexOf('.') + 1);
		String simple = last.substring(last.lastIndexOf('$') + 1).replaceAll("[^A-Za-z0-9_-]", "_");
		return simple.isEmpty() ? "Message" : simple;
	}

	private String free(String name) {
		String free = name;
		for (int i = 2; this.schemas.containsKey(free); i++) {
			free = name + i;
		}
		return free;
	}

	SortedMap<String, Map<String, Object>> all() {
		return Collections.unmodifiableSortedMap(this.schemas);
	}

}
