package dev.statefun.sdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Reads and writes the headers of messages, which
 * are fields {@code repeated Metadata {1 string key, 2 bytes value, 3 bool has_value}}.
 * No schema of Apache's has them; clusters keep them as unknown fields (cluster.md §3).
 *
 * @since 0.1.0
 */
public final class HeaderFields {

	/** Tag of the headers in a message, and in a record for Kafka. */
	public static final int IN_MESSAGE = 0x22;

	private static final int KEY = 0x0a;

	private static final int VALUE = 0x12;

	private static final int HAS_VALUE = 0x18;

	private HeaderFields() {
	}

	/**
	 * Write a header.
	 * @param writer the writer
	 * @param tag tag of the field, of one byte
	 * @param key key of the header
	 * @param value its value, or {@code null} for none
	 */
	public static void write(WireWriter writer, int tag, String key, byte @Nullable [] value) {
		int keyLength = Utf8.length(key);
		int valueSize = (value != null) ? WireWriter.optionalFieldSize(value.length) + 2 : 0;
		writer.writeHeader(tag, WireWriter.optionalFieldSize(keyLength) + valueSize);
		writer.writeOptionalText(KEY, key, keyLength);
		if (value != null) {
			writer.writeOptionalBytes(VALUE, value);
			writer.writeByte(HAS_VALUE);
			writer.writeByte(1);
		}
	}

	/**
	 * Report the headers of a message. Fields of the same number and another form are not
	 * reported, as they are no headers.
	 * @param message bytes of an {@code Any}, a {@code TypedValue} or a record for Kafka
	 * @param headers receives the headers
	 * @throws MalformedRequestException if the bytes are no message
	 */
	public static void forEach(byte[] message, HeaderConsumer headers) {
		forEach(new WireReader(message, 0, message.length), message, headers);
	}

	static void forEach(WireReader message, byte[] bytes, HeaderConsumer headers) {
		while (message.hasMore()) {
			int tag = message.readTag();
			if (tag == IN_MESSAGE) {
				read(message.readMessage(), bytes, headers);
			}
			else {
				message.skipField(tag);
			}
		}
	}

	// Reads a header; a field of another form belongs to another protocol
	static void read(WireReader reader, byte[] bytes, HeaderConsumer headers) {
		int[] key = { 0, 0 };
		int[] value = { 0, 0 };
		boolean hasValue = false;
		try {
			while (reader.hasMore()) {
				int tag = reader.readTag();
				switch (tag) {
					case KEY -> {
						key[1] = reader.readTextLength();
						key[0] = reader.skipBytes(key[1]);
					}
					case VALUE -> {
						value[1] = reader.readLength();
						value[0] = reader.skipBytes(value[1]);
					}
					case HAS_VALUE -> hasValue = reader.readVarint() != 0;
					default -> reader.skipField(tag);
				}
			}
		}
		catch (MalformedRequestException ex) {
			return;
		}
		headers.accept(Utf8.read(bytes, key[0], key[1]), value[0], hasValue ? value[1] : -1);
	}

	/**
	 * Receives the headers of a message.
	 */
	@FunctionalInterface
	public interface HeaderConsumer {

		/**
		 * Receive a header.
		 * @param key key of the header
		 * @param offset offset of the value in the bytes
		 * @param length length of the value, or -1 if the header has none
		 */
		void accept(String key, int offset, int length);

	}

}
