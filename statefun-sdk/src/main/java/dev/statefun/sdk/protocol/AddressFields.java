package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Encodes and reads parts of an address,
 * {@code Address {1 namespace, 2 type, 3 id}} (protocol.md §1).
 *
 * @since 0.1.0
 */
public final class AddressFields {

	private static final int NAMESPACE = 0x0a;

	private static final int NAME = 0x12;

	private static final int ID = 0x1a;

	private AddressFields() {
	}

	/**
	 * Encode the fields of a type, which are also those of a message to an egress.
	 * @param namespace the namespace
	 * @param name the name without the namespace
	 * @return the fields
	 * @throws IllegalArgumentException if a text has an unpaired surrogate
	 */
	public static byte[] encodeType(String namespace, String name) {
		int namespaceLength = Utf8.length(namespace);
		int nameLength = Utf8.length(name);
		byte[] fields = new byte[WireWriter.optionalFieldSize(namespaceLength)
				+ WireWriter.optionalFieldSize(nameLength)];
		int position = WireWriter.writeOptionalText(NAMESPACE, namespace, namespaceLength, fields, 0);
		WireWriter.writeOptionalText(NAME, name, nameLength, fields, position);
		return fields;
	}

	static int sizeOfId(int length) {
		return WireWriter.optionalFieldSize(length);
	}

	static int writeId(String id, int length, byte[] target, int position) {
		return WireWriter.writeOptionalText(ID, id, length, target, position);
	}

	/**
	 * Read the namespace.
	 * @param address bytes of an address
	 * @return the namespace, which may be empty
	 */
	public static String namespace(byte[] address) {
		return text(address, NAMESPACE);
	}

	/**
	 * Read the name.
	 * @param address bytes of an address
	 * @return the name without the namespace, which may be empty
	 */
	public static String name(byte[] address) {
		return text(address, NAME);
	}

	/**
	 * Read the id.
	 * @param address bytes of an address
	 * @return the id, which may be empty
	 */
	public static String id(byte[] address) {
		return text(address, ID);
	}

	// Of several fields with the same tag, the last one counts
	private static String text(byte[] address, int wanted) {
		String text = "";
		WireReader reader = new WireReader(address, 0, address.length);
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == wanted) {
				text = reader.readText();
			}
			else {
				reader.skipField(tag);
			}
		}
		return text;
	}

}
