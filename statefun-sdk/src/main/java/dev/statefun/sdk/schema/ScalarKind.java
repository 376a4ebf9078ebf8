package dev.statefun.sdk.schema;

/**
 * Kinds of values that have no parts.
 *
 * @since 0.1.0
 */
public enum ScalarKind {

	/** True or false. */
	BOOLEAN,

	/** An integer of 8 bits. */
	BYTE,

	/** An integer of 16 bits. */
	SHORT,

	/** An integer of 32 bits. */
	INT,

	/** An integer of 64 bits. */
	LONG,

	/** An integer of any size. */
	BIG_INTEGER,

	/** A binary floating-point number of 32 bits. */
	FLOAT,

	/** A binary floating-point number of 64 bits. */
	DOUBLE,

	/** A decimal number of any size. */
	DECIMAL,

	/** One character. */
	CHARACTER,

	/** Text. */
	TEXT,

	/** Bytes. */
	BINARY

}
