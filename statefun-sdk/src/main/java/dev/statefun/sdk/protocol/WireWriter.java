package dev.statefun.sdk.protocol;

import java.util.Arrays;

/**
 * Internal: may change in any release. Growing buffer to which protobuf is written.
 *
 * @since 0.1.0
 */
public final class WireWriter {

	/** Largest array that most virtual machines can allocate. */
	private static final int MAX_SIZE = Integer.MAX_VALUE - 8;

	private final int maxSize;

	/** Space beyond the maximum, for bytes that are only needed temporarily. */
	private final int reserve;

	private byte[] bytes;

	private int position;

	/**
	 * Create an empty writer.
	 * @param expectedSize initial capacity in bytes
	 */
	public WireWriter(int expectedSize) {
		this(expectedSize, MAX_SIZE, 0);
	}

	WireWriter(int expectedSize, int maxSize, int reserve) {
		this.maxSize = Math.min(maxSize, MAX_SIZE - reserve);
		this.reserve = reserve;
		this.bytes = new byte[Math.min(expectedSize, this.maxSize + reserve)];
	}

	/**
	 * Return the size of a number as a varint.
	 * @param value the number, treated as unsigned
	 * @return its size in bytes
	 */
	public static int varintSize(int value) {
		return ((value & ~0x7f) == 0) ? 1 : (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
	}

	/**
	 * Return the size of a number as a varint.
	 * @param value the number, treated as unsigned
	 * @return its size in bytes
	 */
	public static int varintSize(long value) {
		return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
	}

	/**
	 * Return the size of a length-delimited field with a tag of one byte.
	 * @param length size of its content
	 * @return size of tag, length and content
	 */
	public static int fieldSize(int length) {
		return Math.addExact(1 + varintSize(length), length);
	}

	/**
	 * Return the size of such a field, or 0 if it is omitted because it is empty.
	 * @param length size of its content
	 * @return size of tag, length and content
	 */
	public static int optionalFieldSize(int length) {
		return (length == 0) ? 0 : fieldSize(length);
	}

	void require(int size) {
		if (this.bytes.length - this.position < size) {
			grow(size);
		}
	}

	private void grow(int size) {
		long needed = (long) this.position + size;
		if (needed - this.reserve > this.maxSize) {
			throw new ReplyTooLargeException(needed - this.reserve, this.maxSize);
		}
		long doubled = Math.min(2L * this.bytes.length, (long) this.maxSize + this.reserve);
		this.bytes = Arrays.copyOf(this.bytes, (int) Math.max(doubled, needed));
	}

	// Like require, but limited by the maximum size, and does not fail
	void makeRoom(int size) {
		int capacity = Math.min(this.position + size, this.maxSize + this.reserve);
		if (capacity > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, capacity);
		}
	}

	// The array to write to, until the next call that requires space
	byte[] bytes() {
		return this.bytes;
	}

	int position() {
		return this.position;
	}

	void position(int position) {
		this.position = position;
	}

	/**
	 * Write one byte.
	 * @param value the byte
	 */
	public void writeByte(int value) {
		require(1);
		this.bytes[this.position++] = (byte) value;
	}

	/**
	 * Write a number as a varint.
	 * @param value the number, treated as unsigned
	 */
	public void writeVarint(long value) {
		require(10);
		this.position = writeVarint(value, this.bytes, this.position);
	}

	/**
	 * Write a number as a varint; its {@link #varintSize} must fit.
	 * @param value the number, treated as unsigned
	 * @param target array to write to
	 * @param position position of the first byte
	 * @return the position after the number
	 */
	public static int writeVarint(long value, byte[] target, int position) {
		int index = position;
		long rest = value;
		while ((rest & ~0x7fL) != 0) {
			target[index++] = (byte) (rest | 0x80);
			rest >>>= 7;
		}
		target[index++] = (byte) rest;
		return index;
	}

	// The following methods write to an array in which there is enough space, and return
	// the position after what they wrote. A position in a local variable stays in a
	// register, while the field of a writer is stored with each byte

	static int writeHeader(int tag, int length, byte[] target, int start) {
		target[start] = (byte) tag;
		if (length > 0x7f) {
			return writeVarint(length, target, start + 1);
		}
		target[start + 1] = (byte) length;
		return start + 2;
	}

	static int writeBytes(int tag, byte[] content, int offset, int length, byte[] target, int start) {
		int position = writeHeader(tag, length, target, start);
		System.arraycopy(content, offset, target, position, length);
		return position + length;
	}

	static int writeOptionalBytes(int tag, byte[] content, byte[] target, int start) {
		return (content.length == 0) ? start : writeBytes(tag, content, 0, content.length, target, start);
	}

	static int writeOptionalText(int tag, String text, int length, byte[] target, int start) {
		return (length == 0) ? start : Utf8.write(text, length, target, writeHeader(tag, length, target, start));
	}

	static int writeRaw(byte[] fields, byte[] target, int start) {
		System.arraycopy(fields, 0, target, start, fields.length);
		return start + fields.length;
	}

	/**
	 * Write a number of eight bytes, the lowest byte first.
	 * @param value the number
	 */
	public void writeFixed64(long value) {
		require(Long.BYTES);
		Utf8.LONGS.set(this.bytes, this.position, value);
		this.position += Long.BYTES;
	}

	/**
	 * Write the start of a length-delimited field.
	 * @param tag its tag, of one byte
	 * @param length size of its content
	 */
	public void writeHeader(int tag, int length) {
		writeByte(tag);
		writeVarint(length);
	}

	/**
	 * Write a field of bytes.
	 * @param tag its tag, of one byte
	 * @param content its content
	 */
	public void writeBytes(int tag, byte[] content) {
		writeHeader(tag, content.length);
		writeRaw(content);
	}

	/**
	 * Write fields that are already encoded.
	 * @param fields the fields
	 */
	public void writeRaw(byte[] fields) {
		writeRaw(fields, 0, fields.length);
	}

	void writeRaw(byte[] content, int offset, int length) {
		require(length);
		System.arraycopy(content, offset, this.bytes, this.position, length);
		this.position += length;
	}

	/**
	 * Write a field of bytes, or nothing if they are empty: an empty field is the default
	 * in proto3.
	 * @param tag its tag, of one byte
	 * @param content its content
	 */
	public void writeOptionalBytes(int tag, byte[] content) {
		if (content.length > 0) {
			writeBytes(tag, content);
		}
	}

	/**
	 * Write a text field, or nothing if the text is empty.
	 * @param tag its tag, of one byte
	 * @param text its content
	 * @param length the text's {@link Utf8#length}
	 */
	public void writeOptionalText(int tag, String text, int length) {
		if (length > 0) {
			writeHeader(tag, length);
			require(length);
			this.position = Utf8.write(text, this.bytes, this.position);
		}
	}

	// Appends the bytes of another writer from a position on
	void writeFrom(WireWriter other, int start) {
		int length = other.position - start;
		require(length);
		System.arraycopy(other.bytes, start, this.bytes, this.position, length);
		this.position += length;
	}

	/**
	 * Return a copy of the bytes written so far.
	 * @return the bytes
	 */
	public byte[] toByteArray() {
		return Arrays.copyOf(this.bytes, this.position);
	}

	// Returns the bytes after the headroom as one field, whose tag and length are
	// written into the headroom
	byte[] toField(int tagLow, int tagHigh, int headroom) {
		int length = this.position - headroom;
		int start = headroom - varintSize(length) - 2;
		int end = this.position;
		this.position = start;
		writeByte(tagLow);
		writeByte(tagHigh);
		int index = this.position;
		int rest = length;
		while (index < headroom - 1) {
			this.bytes[index++] = (byte) (rest | 0x80);
			rest >>>= 7;
		}
		this.bytes[index] = (byte) rest;
		this.position = end;
		return Arrays.copyOfRange(this.bytes, start, end);
	}

}
