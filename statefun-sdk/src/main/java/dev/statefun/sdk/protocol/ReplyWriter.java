package dev.statefun.sdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Writes the reply to one request, effect by effect:
 * {@code FromFunction.InvocationResponse} (protocol.md §1). Effects of one kind keep the
 * order of the calls, which is the order the cluster applies them in (protocol.md §3.4).
 * <p>
 * A call that throws has written nothing.
 *
 * @since 0.1.0
 */
public final class ReplyWriter {

	/** Space for the tag of field 100 and for its length. */
	private static final int HEADROOM = 7;

	/** Space that an entry may temporarily need beyond its size. */
	private static final int SLACK = 10;

	/** Maximum space that is reserved before it is needed. */
	private static final int MAX_EXPECTED = 1 << 18;

	/** Initial size of a part, enough for one typical effect. */
	private static final int PART_SIZE = 128;

	private static final int ADDRESS = 0x0a;

	private final Dialect dialect;

	private final WireWriter writer;

	private final int maxSize;

	/**
	 * Create a writer.
	 * @param dialect the dialect of the request
	 * @param expectedSize initial capacity in bytes
	 * @param maxSize maximum size of the reply in bytes
	 */
	public ReplyWriter(Dialect dialect, int expectedSize, int maxSize) {
		this.dialect = dialect;
		this.maxSize = maxSize;
		this.writer = new WireWriter(HEADROOM + expectedSize, maxSize, HEADROOM + SLACK);
		this.writer.position(HEADROOM);
	}

	/**
	 * Add a message to a function.
	 * @param namespace namespace of the function's type
	 * @param name name of the function's type
	 * @param id the function's id
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @param headers fields of its headers, or no bytes
	 */
	public void send(String namespace, String name, String id, byte[] typename, byte[] value, byte[] headers) {
		int namespaceLength = Utf8.length(namespace);
		int nameLength = Utf8.length(name);
		int idLength = Utf8.length(id);
		int address = addressSize(namespaceLength, nameLength, idLength);
		int argument = messageSize(typename, value, headers);
		start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		this.writer.writeHeader(ADDRESS, address);
		writeAddress(namespace, namespaceLength, name, nameLength, id, idLength);
		writeMessage(0x12, argument, typename, value, headers);
	}

	/**
	 * Add a message to the caller of an invocation, whose address is copied unchanged.
	 * @param request the request
	 * @param invocation index of an invocation that has a caller
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @param headers fields of its headers, or no bytes
	 */
	public void reply(BatchRequest request, int invocation, byte[] typename, byte[] value, byte[] headers) {
		int address = request.callerLength(invocation);
		int argument = messageSize(typename, value, headers);
		start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		this.writer.writeBytes(ADDRESS, request.bytes(), request.callerOffset(invocation), address);
		writeMessage(0x12, argument, typename, value, headers);
	}

	/**
	 * Add a message that is already encoded.
	 * @param namespace namespace of the function's type
	 * @param name name of the function's type
	 * @param id the function's id
	 * @param message bytes of an {@code Any} or a {@code TypedValue}
	 * @param headers fields of headers to add to it, or no bytes
	 */
	public void forward(String namespace, String name, String id, byte[] message, byte[] headers) {
		int namespaceLength = Utf8.length(namespace);
		int nameLength = Utf8.length(name);
		int idLength = Utf8.length(id);
		int address = addressSize(namespaceLength, nameLength, idLength);
		int argument = Math.addExact(message.length, headers.length);
		start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		this.writer.writeHeader(ADDRESS, address);
		writeAddress(namespace, namespaceLength, name, nameLength, id, idLength);
		this.writer.writeHeader(0x12, argument);
		this.writer.writeRaw(message);
		this.writer.writeRaw(headers);
	}

	/**
	 * Add a delayed message to a function.
	 * @param delayMillis the delay in milliseconds, not negative
	 * @param namespace namespace of the function's type
	 * @param name name of the function's type
	 * @param id the function's id
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @param headers fields of its headers, or no bytes
	 * @param token token that can cancel the message, or {@code null}
	 */
	public void sendAfter(long delayMillis, String namespace, String name, String id, byte[] typename, byte[] value,
			byte[] headers, @Nullable String token) {
		int namespaceLength = Utf8.length(namespace);
		int nameLength = Utf8.length(name);
		int idLength = Utf8.length(id);
		int tokenLength = (token != null) ? Utf8.length(token) : 0;
		int address = addressSize(namespaceLength, nameLength, idLength);
		int argument = messageSize(typename, value, headers);
		int delay = (delayMillis == 0) ? 0 : 1 + WireWriter.varintSize(delayMillis);
		start(0x1a, Math.addExact(delay + WireWriter.fieldSize(address) + WireWriter.optionalFieldSize(tokenLength),
				WireWriter.fieldSize(argument)));
		if (delay > 0) {
			this.writer.writeByte(0x08);
			this.writer.writeVarint(delayMillis);
		}
		this.writer.writeHeader(0x12, address);
		writeAddress(namespace, namespaceLength, name, nameLength, id, idLength);
		writeMessage(0x1a, argument, typename, value, headers);
		if (token != null) {
			this.writer.writeOptionalText(0x5a, token, tokenLength);
		}
	}

	/**
	 * Add the cancellation of a delayed message; 3.x only.
	 * @param token token of the message
	 */
	public void cancel(String token) {
		int tokenLength = Utf8.length(token);
		start(0x1a, 2 + WireWriter.fieldSize(tokenLength));
		this.writer.writeByte(0x50);
		this.writer.writeByte(1);
		this.writer.writeOptionalText(0x5a, token, tokenLength);
	}

	/**
	 * Add a record for an egress.
	 * @param namespace namespace of the egress
	 * @param name name of the egress
	 * @param typename type name of the record
	 * @param value bytes of the record
	 * @param headers fields of its headers, or no bytes
	 */
	public void egress(String namespace, String name, byte[] typename, byte[] value, byte[] headers) {
		int namespaceLength = Utf8.length(namespace);
		int nameLength = Utf8.length(name);
		int argument = messageSize(typename, value, headers);
		start(0x22,
				Math.addExact(WireWriter.optionalFieldSize(namespaceLength) + WireWriter.optionalFieldSize(nameLength),
						WireWriter.fieldSize(argument)));
		this.writer.writeOptionalText(0x0a, namespace, namespaceLength);
		this.writer.writeOptionalText(0x12, name, nameLength);
		writeMessage(0x1a, argument, typename, value, headers);
	}

	/**
	 * Add the deletion of a state. The kind of a mutation defaults to deletion
	 * (protocol.md §4.3).
	 * @param name name of the state
	 */
	public void delete(byte[] name) {
		start(0x0a, WireWriter.fieldSize(name.length));
		this.writer.writeBytes(0x12, name);
	}

	/**
	 * Add the new value of a state. A 2.x cluster keeps the bytes of an {@code Any},
	 * which has the same field and layout here as the {@code TypedValue} of 3.x.
	 * @param name name of the state
	 * @param typename type name of the value
	 * @param value bytes of the value
	 */
	public void modify(byte[] name, byte[] typename, byte[] value) {
		int typedValue = this.dialect.valueSize(typename, value);
		start(0x0a, Math.addExact(2 + WireWriter.fieldSize(name.length), WireWriter.fieldSize(typedValue)));
		this.writer.writeByte(0x08);
		this.writer.writeByte(1);
		this.writer.writeBytes(0x12, name);
		this.dialect.writeValue(this.writer, 0x1a, typedValue, typename, value);
	}

	/**
	 * Create a writer for a part of this reply, to be appended later.
	 * @return an independent writer
	 */
	public ReplyWriter part() {
		return new ReplyWriter(this.dialect, PART_SIZE, this.maxSize);
	}

	/**
	 * Append a part.
	 * @param part the part
	 */
	public void append(ReplyWriter part) {
		this.writer.require(Math.addExact(part.size(), SLACK));
		this.writer.writeFrom(part.writer, HEADROOM);
	}

	/**
	 * Return the number of bytes written, without the enclosing field.
	 * @return the number of bytes
	 */
	public int size() {
		return this.writer.position() - HEADROOM;
	}

	/**
	 * Fail if a number of bytes would exceed the maximum size of the reply.
	 * @param size number of bytes
	 */
	public void requireWithin(long size) {
		if (size > this.maxSize) {
			throw new ReplyTooLargeException(size, this.maxSize);
		}
	}

	/**
	 * Reserve a limited amount of space for messages whose effects are as large as those
	 * of the first one.
	 * @param messages number of messages, including the first one
	 */
	public void expect(int messages) {
		long size = size() * (long) messages;
		this.writer.makeRoom((int) Math.min(size + size / 8, MAX_EXPECTED));
	}

	/**
	 * Return the current position.
	 * @return a mark for {@link #rollBack}
	 */
	public int mark() {
		return this.writer.position();
	}

	/**
	 * Discard the effects added since a mark.
	 * @param mark the mark
	 */
	public void rollBack(int mark) {
		this.writer.position(mark);
	}

	/**
	 * Return the reply.
	 * @return the bytes of a {@code FromFunction}
	 */
	public byte[] toByteArray() {
		int content = size();
		long size = 2L + WireWriter.varintSize(content) + content;
		requireWithin(size);
		return this.writer.toField(0xa2, 0x06, HEADROOM); // field 100, length-delimited
	}

	private void start(int tag, int length) {
		// Reserves space for the whole entry, so that writing it can't fail halfway
		this.writer.require(Math.addExact(WireWriter.fieldSize(length), SLACK));
		this.writer.writeHeader(tag, length);
	}

	private static int addressSize(int namespaceLength, int nameLength, int idLength) {
		return WireWriter.optionalFieldSize(namespaceLength) + WireWriter.optionalFieldSize(nameLength)
				+ WireWriter.optionalFieldSize(idLength);
	}

	private void writeAddress(String namespace, int namespaceLength, String name, int nameLength, String id,
			int idLength) {
		this.writer.writeOptionalText(0x0a, namespace, namespaceLength);
		this.writer.writeOptionalText(0x12, name, nameLength);
		this.writer.writeOptionalText(0x1a, id, idLength);
	}

	private int messageSize(byte[] typename, byte[] value, byte[] headers) {
		return Math.addExact(this.dialect.valueSize(typename, value), headers.length);
	}

	private void writeMessage(int tag, int size, byte[] typename, byte[] value, byte[] headers) {
		this.dialect.writeValue(this.writer, tag, size, typename, value);
		if (headers.length > 0) {
			this.writer.writeRaw(headers);
		}
	}

}
