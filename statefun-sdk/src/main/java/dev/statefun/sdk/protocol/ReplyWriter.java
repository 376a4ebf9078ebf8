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
	 * @param type fields of the function's type
	 * @param id the function's id
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @param headers fields of its headers, or no bytes
	 */
	public void send(byte[] type, String id, byte[] typename, byte[] value, byte[] headers) {
		int idLength = Utf8.length(id);
		int address = Math.addExact(type.length, AddressFields.sizeOfId(idLength));
		int argument = messageSize(typename, value, headers);
		int position = start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		byte[] target = this.writer.bytes();
		position = WireWriter.writeHeader(ADDRESS, address, target, position);
		position = WireWriter.writeRaw(type, target, position);
		position = AddressFields.writeId(id, idLength, target, position);
		end(writeMessage(0x12, argument, typename, value, headers, target, position));
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
		int position = start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		byte[] target = this.writer.bytes();
		position = WireWriter.writeBytes(ADDRESS, request.bytes(), request.callerOffset(invocation), address, target,
				position);
		end(writeMessage(0x12, argument, typename, value, headers, target, position));
	}

	/**
	 * Add a message that is already encoded.
	 * @param type fields of the function's type
	 * @param id the function's id
	 * @param message bytes of an {@code Any} or a {@code TypedValue}
	 * @param headers fields of headers to add to it, or no bytes
	 */
	public void forward(byte[] type, String id, byte[] message, byte[] headers) {
		int idLength = Utf8.length(id);
		int address = Math.addExact(type.length, AddressFields.sizeOfId(idLength));
		int argument = Math.addExact(message.length, headers.length);
		int position = start(0x12, Math.addExact(WireWriter.fieldSize(address), WireWriter.fieldSize(argument)));
		byte[] target = this.writer.bytes();
		position = WireWriter.writeHeader(ADDRESS, address, target, position);
		position = WireWriter.writeRaw(type, target, position);
		position = AddressFields.writeId(id, idLength, target, position);
		position = WireWriter.writeHeader(0x12, argument, target, position);
		position = WireWriter.writeRaw(message, target, position);
		end(WireWriter.writeRaw(headers, target, position));
	}

	/**
	 * Add a delayed message to a function.
	 * @param delayMillis the delay in milliseconds, not negative
	 * @param type fields of the function's type
	 * @param id the function's id
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @param headers fields of its headers, or no bytes
	 * @param token token that can cancel the message, or {@code null}
	 */
	public void sendAfter(long delayMillis, byte[] type, String id, byte[] typename, byte[] value, byte[] headers,
			@Nullable String token) {
		int idLength = Utf8.length(id);
		int tokenLength = (token != null) ? Utf8.length(token) : 0;
		int address = Math.addExact(type.length, AddressFields.sizeOfId(idLength));
		int argument = messageSize(typename, value, headers);
		int delay = (delayMillis == 0) ? 0 : 1 + WireWriter.varintSize(delayMillis);
		int position = start(0x1a,
				Math.addExact(delay + WireWriter.fieldSize(address) + WireWriter.optionalFieldSize(tokenLength),
						WireWriter.fieldSize(argument)));
		byte[] target = this.writer.bytes();
		if (delay > 0) {
			target[position] = 0x08;
			position = WireWriter.writeVarint(delayMillis, target, position + 1);
		}
		position = WireWriter.writeHeader(0x12, address, target, position);
		position = WireWriter.writeRaw(type, target, position);
		position = AddressFields.writeId(id, idLength, target, position);
		position = writeMessage(0x1a, argument, typename, value, headers, target, position);
		end((token != null) ? WireWriter.writeOptionalText(0x5a, token, tokenLength, target, position) : position);
	}

	/**
	 * Add the cancellation of a delayed message; 3.x only.
	 * @param token token of the message
	 */
	public void cancel(String token) {
		int tokenLength = Utf8.length(token);
		int position = start(0x1a, 2 + WireWriter.fieldSize(tokenLength));
		byte[] target = this.writer.bytes();
		target[position++] = 0x50;
		target[position++] = 1;
		end(WireWriter.writeOptionalText(0x5a, token, tokenLength, target, position));
	}

	/**
	 * Add a record for an egress.
	 * @param egress fields of the egress
	 * @param typename type name of the record
	 * @param value bytes of the record
	 * @param headers fields of its headers, or no bytes
	 */
	public void egress(byte[] egress, byte[] typename, byte[] value, byte[] headers) {
		int argument = messageSize(typename, value, headers);
		int position = start(0x22, Math.addExact(egress.length, WireWriter.fieldSize(argument)));
		byte[] target = this.writer.bytes();
		position = WireWriter.writeRaw(egress, target, position);
		end(writeMessage(0x1a, argument, typename, value, headers, target, position));
	}

	/**
	 * Add the deletion of a state. The kind of a mutation defaults to deletion
	 * (protocol.md §4.3).
	 * @param name name of the state
	 */
	public void delete(byte[] name) {
		int position = start(0x0a, WireWriter.fieldSize(name.length));
		end(WireWriter.writeBytes(0x12, name, 0, name.length, this.writer.bytes(), position));
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
		int position = start(0x0a,
				Math.addExact(2 + WireWriter.fieldSize(name.length), WireWriter.fieldSize(typedValue)));
		byte[] target = this.writer.bytes();
		target[position++] = 0x08;
		target[position++] = 1;
		position = WireWriter.writeBytes(0x12, name, 0, name.length, target, position);
		end(this.dialect.writeValue(0x1a, typedValue, typename, value, target, position));
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

	// Reserves space for a whole entry and writes its header. Returns the position of its
	// content; the entry counts once it is complete
	private int start(int tag, int length) {
		this.writer.require(Math.addExact(WireWriter.fieldSize(length), SLACK));
		return WireWriter.writeHeader(tag, length, this.writer.bytes(), this.writer.position());
	}

	private void end(int position) {
		this.writer.position(position);
	}

	private int messageSize(byte[] typename, byte[] value, byte[] headers) {
		return Math.addExact(this.dialect.valueSize(typename, value), headers.length);
	}

	private int writeMessage(int tag, int size, byte[] typename, byte[] value, byte[] headers, byte[] target,
			int start) {
		int position = this.dialect.writeValue(tag, size, typename, value, target, start);
		return (headers.length > 0) ? WireWriter.writeRaw(headers, target, position) : position;
	}

}
