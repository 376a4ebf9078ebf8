package dev.statefun.sdk.protocol;

/**
 * Internal: the two dialects of the request-reply protocol. They share every field number
 * but those inside values (protocol.md §2).
 *
 * @since 0.1.0
 */
public enum Dialect {

	/**
	 * StateFun 2.0 to 2.2: values are {@code google.protobuf.Any}, every declared state
	 * comes with every request.
	 */
	V2,

	/**
	 * StateFun 3.0 to 3.3: values are {@code TypedValue}, states are asked for by the
	 * function.
	 */
	V3

}
