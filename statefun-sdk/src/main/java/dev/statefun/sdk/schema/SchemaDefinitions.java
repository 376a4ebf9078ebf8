package dev.statefun.sdk.schema;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.statefun.sdk.schema.ValueSchema.Reference;

/**
 * Collects schemas that are referred to by name, each of them once. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class SchemaDefinitions {

	private final Map<Object, Reference> references = new HashMap<>();

	private final SortedMap<String, ValueSchema> schemas = new TreeMap<>();

	/**
	 * Create an empty table.
	 */
	public SchemaDefinitions() {
	}

	/**
	 * Return a reference to a schema, which is created for the first reference. A schema
	 * may refer to itself.
	 * @param name name of the schema; a number is added if it is taken
	 * @param key identity of the described type; equal keys share one schema
	 * @param schema creates the schema
	 * @return the reference
	 */
	public Reference define(String name, Object key, Supplier<ValueSchema> schema) {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(key, "'key' must not be null");
		Reference known = this.references.get(key);
		if (known != null) {
			return known;
		}
		Reference reference = new Reference(free(name));
		this.references.put(key, reference);
		// Reserves the name while the schema is created
		this.schemas.put(reference.name(), reference);
		this.schemas.put(reference.name(), schema.get());
		return reference;
	}

	private String free(String name) {
		String free = name;
		for (int i = 2; this.schemas.containsKey(free); i++) {
			free = name + "#" + i;
		}
		return free;
	}

	/**
	 * Return the schemas collected so far.
	 * @return the schemas by name
	 */
	public SortedMap<String, ValueSchema> all() {
		return Collections.unmodifiableSortedMap(new TreeMap<>(this.schemas));
	}

}
