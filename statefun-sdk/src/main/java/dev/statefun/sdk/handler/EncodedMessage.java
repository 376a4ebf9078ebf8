package dev.statefun.sdk.handler;

/**
 * Encoded message that is yet to be written. The arrays must not be changed.
 *
 * @param typename its type name in UTF-8
 * @param value its bytes
 * @param headers fields of its headers
 */
record EncodedMessage(byte[] typename, byte[] value, byte[] headers) {

	long size() {
		return (long) this.typename.length + this.value.length + this.headers.length;
	}

}
