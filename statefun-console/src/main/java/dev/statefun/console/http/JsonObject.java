package dev.statefun.console.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON object of the console. It is written by a mapper of its own, so that settings of
 * the application's mapper have no effect. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class JsonObject {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	// Always three digits, unlike Instant.toString
	private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
		.withZone(ZoneOffset.UTC);

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	/**
	 * Create an object without fields.
	 */
	public JsonObject() {
	}

	/**
	 * Set a field.
	 * @param name name of the field
	 * @param value a text, number or boolean, a time, a duration, an address, another
	 * object, a collection of these, or {@code null}
	 * @return this object
	 */
	public JsonObject with(String name, @Nullable Object value) {
		this.fields.put(name, plain(value));
		return this;
	}

	/**
	 * Return a field.
	 * @param name name of the field
	 * @return its value in plain form, or {@code null}
	 */
	public @Nullable Object get(String name) {
		return this.fields.get(name);
	}

	private static @Nullable Object plain(@Nullable Object value) {
		if (value instanceof JsonObject object) {
			return object.fields;
		}
		if (value instanceof Collection<?> collection) {
			List<@Nullable Object> elements = new ArrayList<>(collection.size());
			collection.forEach((element) -> elements.add(plain(element)));
			return elements;
		}
		if (value instanceof Map<?, ?> map) {
			Map<String, @Nullable Object> entries = new LinkedHashMap<>();
			map.forEach((key, element) -> entries.put(String.valueOf(key), plain(element)));
			return entries;
		}
		if (value instanceof Instant time) {
			return MILLIS.format(time);
		}
		if (value instanceof Address address) {
			return address(address);
		}
		return (value instanceof Duration || value instanceof Enum<?>) ? Objects.toString(value) : value;
	}

	private static Map<String, @Nullable Object> address(Address address) {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("type", address.type().toString());
		fields.put("id", address.id());
		return fields;
	}

	/**
	 * Write this object.
	 * @return the JSON in UTF-8
	 */
	public byte[] toBytes() {
		return MAPPER.writeValueAsBytes(this.fields);
	}

	/**
	 * Write this object.
	 * @return the JSON in one line
	 */
	@Override
	public String toString() {
		return MAPPER.writeValueAsString(this.fields);
	}

	/**
	 * Return the mapper of the console.
	 * @return the mapper, with Jackson's defaults
	 */
	public static JsonMapper mapper() {
		return MAPPER;
	}

}
