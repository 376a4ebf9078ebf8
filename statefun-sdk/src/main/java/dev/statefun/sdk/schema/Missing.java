package dev.statefun.sdk.schema;

/**
 * Result of reading a value that is absent or null.
 *
 * @since 0.1.0
 */
public enum Missing {

	/** Reading fails. */
	REFUSED,

	/** Null is read. */
	NULL,

	/** Zero or false is read. */
	ZERO,

	/** An empty value is read, such as an empty {@code Optional} or list. */
	EMPTY,

	/** The value of a new object is kept. */
	KEPT

}
