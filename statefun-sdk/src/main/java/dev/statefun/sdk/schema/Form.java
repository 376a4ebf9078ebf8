package dev.statefun.sdk.schema;

/**
 * Forms of scalar values from which a value of another kind may be read.
 *
 * @since 0.1.0
 */
public enum Form {

	/** A number without a fraction. */
	INTEGER,

	/** A number with a fraction. */
	FRACTION,

	/** True or false. */
	BOOLEAN

}
