package dev.statefun.sdk.schema;

import java.util.Objects;

/**
 * What stands at one place: in a property, a list or a map.
 *
 * @param schema what the value looks like
 * @param nullable whether null may be written there
 * @param whenNull what reading null gives
 * @since 0.1.0
 */
public record Content(ValueSchema schema, boolean nullable, Missing whenNull) {

	/**
	 * Create the content of a place.
	 * @param schema what the value looks like
	 * @param nullable whether null may be written there
	 * @param whenNull what reading null gives
	 */
	public Content {
		Objects.requireNonNull(schema, "'schema' must not be null");
		Objects.requireNonNull(whenNull, "'whenNull' must not be null");
	}

}
