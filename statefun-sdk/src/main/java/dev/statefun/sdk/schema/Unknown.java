package dev.statefun.sdk.schema;

/**
 * What reading does with a property, a constant or a subtype that it does not know.
 *
 * @since 0.1.0
 */
public enum Unknown {

	/** Reading fails. */
	REFUSED,

	/** It is left out, or read as null. */
	IGNORED,

	/** Another value stands for it. */
	REPLACED,

	/** It is kept, and written again. */
	KEPT

}
