package dev.statefun.sdk.handler;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.BytesTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds values by the function that a request is for, before the request is handled. A
 * lookup reads only the address at the start of the request, and creates no text.
 * Immutable.
 *
 * @param <V> type of the values
 * @since 0.1.0
 */
public final class TargetLookup<V> {

	private final BytesTable<V> values;

	/**
	 * Create a lookup.
	 * @param values values by function type
	 */
	public TargetLookup(Map<FunctionType, ? extends V> values) {
		Objects.requireNonNull(values, "'values' must not be null");
		Map<String, V> byTypename = new HashMap<>();
		values.forEach((type, value) -> byTypename.put(type.toString(), value));
		this.values = new BytesTable<>(byTypename);
	}

	/**
	 * Find the value of the function that a request is for.
	 * @param request the body of the request
	 * @return the value, or {@code null} if the function has none, or the bytes are no
	 * request
	 */
	public @Nullable V find(byte[] request) {
		Objects.requireNonNull(request, "'request' must not be null");
		return BatchRequest.findTarget(request, this.values);
	}

}
