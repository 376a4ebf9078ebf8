package dev.statefun.sdk.schema;

/**
 * Treatment of unknown properties, constants and subtypes when a value is read.
 *
 * @since 0.1.0
 */
public enum Unknown {

	/** Reading fails. */
	REFUSED,

	/** It is skipped, or read as null. */
	IGNORED,

	/** It is replaced by a default value. */
	REPLACED,

	/** It is kept and written again. */
	KEPT

}
