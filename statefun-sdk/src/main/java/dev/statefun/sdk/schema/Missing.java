package dev.statefun.sdk.schema;

/**
 * What reading gives where the value is absent or null.
 *
 * @since 0.1.0
 */
public enum Missing {

	/** Reading fails. */
	REFUSED,

	/** Null. */
	NULL,

	/** Zero or false. */
	ZERO,

	/** An empty value, such as an empty {@code Optional} or an empty list. */
	EMPTY,

	/** What a new object has there. */
	KEPT

}
