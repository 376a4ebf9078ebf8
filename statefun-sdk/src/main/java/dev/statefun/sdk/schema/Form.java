package dev.statefun.sdk.schema;

/**
 * The forms in which a scalar value of another kind may be met.
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
