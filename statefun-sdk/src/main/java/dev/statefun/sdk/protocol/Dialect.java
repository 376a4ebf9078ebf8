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

	// The size may include further fields, which the caller then writes
	void writeValue(WireWriter writer, int tag, int size, byte[] typename, byte[] value) {
		writer.writeHeader(tag, size);
		writer.writeOptionalBytes(0x0a, typename);
		if (this == V3) {
			writer.writeByte(0x10);
			writer.writeByte(1);
			writer.writeOptionalBytes(0x1a, value);
		}
		else {
			writer.writeOptionalBytes(0x12, value);
		}
	}

}
