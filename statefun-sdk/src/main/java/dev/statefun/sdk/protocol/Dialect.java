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
	V3;

	// Size of an Any or a TypedValue
	int valueSize(byte[] typename, byte[] value) {
		int hasValue = (this == V3) ? 2 : 0;
		return Math.addExact(WireWriter.optionalFieldSize(typename.length) + hasValue,
				WireWriter.optionalFieldSize(value.length));
	}

	// Returns the position after the value. The size may include further fields, which
	// the caller then writes
	int writeValue(int tag, int size, byte[] typename, byte[] value, byte[] target, int start) {
		int position = WireWriter.writeHeader(tag, size, target, start);
		position = WireWriter.writeOptionalBytes(0x0a, typename, target, position);
		if (this == V2) {
			return WireWriter.writeOptionalBytes(0x12, value, target, position);
		}
		target[position++] = 0x10;
		target[position++] = 1;
		return WireWriter.writeOptionalBytes(0x1a, value, target, position);
	}

}
