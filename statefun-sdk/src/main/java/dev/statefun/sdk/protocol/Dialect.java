package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Dialects of the request-reply protocol. They
 * differ only in the fields inside values (protocol.md §2).
 *
 * @since 0.1.0
 */
public enum Dialect {

	/**
	 * StateFun 2.0 to 2.2: values are {@code google.protobuf.Any}, and every request has
	 * all declared states.
	 */
	V2,

	/**
	 * StateFun 3.0 to 3.3: values are {@code TypedValue}, and the function requests its
	 * states.
	 */
	V3

}
