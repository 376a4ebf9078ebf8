package dev.statefun.sdk.protocol;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.statefun.sdk.Timers;

/**
 * Internal: may change in any release. Reads and writes what named timers have on the
 * wire:
 * <ul>
 * <li>the message that a cluster delivers when a timer fires, {@code {1 string name, 2
 * fixed64 nonce, 3 message}}, where the message is an {@code Any} or a {@code TypedValue}
 * with its headers;
 * <li>the state with the pending timers, {@code {1 repeated {1 string name, 2 fixed64
 * nonce}}}.
 * </ul>
 *
 * @since 0.1.0
 */
public final class TimerFields {

	/** Type name of the message that is delivered when a timer fires. */
	public static final String MESSAGE_TYPENAME = "statefun/timer";

	private static final byte[] MESSAGE_TYPE = Utf8.encode(MESSAGE_TYPENAME);

	private static final int NAME = 0x0a;

	private static final int NONCE = 0x11;

	private static final int MESSAGE = 0x1a;

	private static final int ENTRY = 0x0a;

	private static final int NONCE_SIZE = 1 + Long.BYTES;

	/** Size of an entry with a short name. */
	private static final int TYPICAL_ENTRY = 32;

	private TimerFields() {
	}

	/**
	 * Return the type name of the message that is delivered when a timer fires.
	 * @return the type name in UTF-8, not to be changed
	 */
	public static byte[] messageType() {
		return MESSAGE_TYPE;
	}

	/**
	 * Return the token of a timer on 3.x clusters. All functions of an id share their
	 * tokens (protocol.md §5), so it contains the function.
	 * @param function type of the function, in the form {@code <namespace>/<name>}
	 * @param name name of the timer
	 * @return the token
	 */
	public static String token(String function, String name) {
		return MESSAGE_TYPENAME + "/" + function + "/" + name;
	}

	/**
	 * Encode the message that is delivered when a timer fires.
	 * @param dialect the dialect of the cluster
	 * @param name name of the timer
	 * @param nonce nonce of the timer
	 * @param typename type name of the message for the function
	 * @param value its bytes
	 * @param headers fields of its headers, or no bytes
	 * @return the value of the message to deliver
	 */
	public static byte[] encodeMessage(Dialect dialect, String name, long nonce, byte[] typename, byte[] value,
			byte[] headers) {
		int nameLength = Utf8.length(name);
		int message = Math.addExact(dialect.valueSize(typename, value), headers.length);
		int size = Math.addExact(WireWriter.fieldSize(nameLength) + NONCE_SIZE, WireWriter.fieldSize(message));
		WireWriter writer = new WireWriter(size);
		writeNonce(writer, name, nameLength, nonce);
		writer.position(dialect.writeValue(MESSAGE, message, typename, value, writer.bytes(), writer.position()));
		writer.writeRaw(headers);
		return writer.toByteArray();
	}

	private static void writeNonce(WireWriter writer, String name, int nameLength, long nonce) {
		writer.writeOptionalText(NAME, name, nameLength);
		writer.writeByte(NONCE);
		writer.writeFixed64(nonce);
	}

	/**
	 * Read the message that was delivered when a timer fired.
	 * @param bytes array with the value of the message
	 * @param offset offset of its first byte
	 * @param length number of its bytes
	 * @return the message
	 * @throws MalformedRequestException if the bytes are not such a message
	 */
	public static TimerMessage readMessage(byte[] bytes, int offset, int length) {
		WireReader reader = new WireReader(bytes, offset, length);
		String name = "";
		long nonce = 0;
		boolean hasNonce = false;
		int start = -1;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case NAME -> name = reader.readText();
				case NONCE -> {
					nonce = reader.readFixed64();
					hasNonce = true;
				}
				case MESSAGE -> {
					start = reader.position();
					reader.readMessage();
				}
				default -> reader.skipField(tag);
			}
		}
		if (name.isEmpty() || !hasNonce || start < 0) {
			throw reader.malformedAt(offset, "a timer without a name, a nonce or a message");
		}
		if (name.length() > Timers.MAX_NAME_LENGTH) {
			throw reader.malformedAt(offset, "a timer whose name has " + name.length() + " characters");
		}
		return new TimerMessage(name, nonce, bytes, start);
	}

	/**
	 * Encode the state with the pending timers.
	 * @param nonces nonces of the timers by name
	 * @return the value of the state
	 */
	public static byte[] encodeNonces(Map<String, Long> nonces) {
		WireWriter writer = new WireWriter(TYPICAL_ENTRY * nonces.size());
		nonces.forEach((name, nonce) -> {
			int nameLength = Utf8.length(name);
			writer.writeHeader(ENTRY, WireWriter.fieldSize(nameLength) + NONCE_SIZE);
			writeNonce(writer, name, nameLength, nonce);
		});
		return writer.toByteArray();
	}

	/**
	 * Read the state with the pending timers.
	 * @param bytes array with the value of the state
	 * @param offset offset of its first byte
	 * @param length number of its bytes
	 * @return nonces of the timers by name
	 * @throws MalformedRequestException if the bytes are not such a state
	 */
	public static SortedMap<String, Long> readNonces(byte[] bytes, int offset, int length) {
		WireReader reader = new WireReader(bytes, offset, length);
		SortedMap<String, Long> nonces = new TreeMap<>();
		while (reader.hasMore()) {
			int tag = reader.readTag();
			if (tag == ENTRY) {
				readNonce(reader.readMessage(), nonces);
			}
			else {
				reader.skipField(tag);
			}
		}
		return nonces;
	}

	private static void readNonce(WireReader reader, Map<String, Long> nonces) {
		int start = reader.position();
		String name = "";
		long nonce = 0;
		while (reader.hasMore()) {
			int tag = reader.readTag();
			switch (tag) {
				case NAME -> name = reader.readText();
				case NONCE -> nonce = reader.readFixed64();
				default -> reader.skipField(tag);
			}
		}
		if (name.isEmpty()) {
			throw reader.malformedAt(start, "a timer without a name");
		}
		nonces.put(name, nonce);
	}

}
