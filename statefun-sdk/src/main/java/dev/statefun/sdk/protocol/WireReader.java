package dev.statefun.sdk.protocol;

/**
 * Cursor over protobuf bytes. Checks every length against the remaining bytes, so that no
 * input can read beyond its message.
 */
final class WireReader {

	private static final int VARINT = 0;

	private static final int FIXED64 = 1;

	private static final int LENGTH_DELIMITED = 2;

	private static final int FIXED32 = 5;

	private final byte[] bytes;

	private int position;

	private int limit;

	WireReader(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.position = offset;
		this.limit = offset + length;
	}

	boolean hasMore() {
		return this.position < this.limit;
	}

	int position() {
		return this.position;
	}

	int remaining() {
		return this.limit - this.position;
	}

	// A separate cursor for each message can stay in the processor's registers, as
	// only the code that reads the message sees it
	WireReader readMessage() {
		int length = readLength();
		return new WireReader(this.bytes, skipBytes(length), length);
	}

	// Another cursor over the remaining bytes
	WireReader copy() {
		return new WireReader(this.bytes, this.position, remaining());
	}

	int readTag() {
		int start = this.position;
		long tag = readVarint();
		if (tag >>> 3 == 0 || tag >>> 32 != 0) {
			throw malformedAt(start, "no valid field tag");
		}
		return (int) tag;
	}

	// Reads the length of a field and checks that so many bytes remain
	int readLength() {
		int start = this.position;
		long length = readVarint();
		if (length < 0 || length > this.limit - this.position) {
			throw malformedAt(start, "a field of " + Long.toUnsignedString(length) + " bytes where "
					+ (this.limit - this.position) + " are left");
		}
		return (int) length;
	}

	// Reads the length of a text field and checks that the text is UTF-8; the cursor
	// stays at the start of the text
	int readTextLength() {
		int length = readLength();
		if (!Utf8.isValid(this.bytes, this.position, length)) {
			throw malformedAt(this.position, "a text that is not UTF-8");
		}
		return length;
	}

	String readText() {
		int length = readTextLength();
		return Utf8.read(this.bytes, skipBytes(length), length);
	}

	// Skips bytes whose number was read with readLength; returns their offset
	int skipBytes(int length) {
		int start = this.position;
		this.position += length;
		return start;
	}

	long readVarint() {
		if (this.position < this.limit) {
			byte first = this.bytes[this.position];
			if (first >= 0) {
				this.position++;
				return first;
			}
			if (this.limit - this.position > 1 && this.bytes[this.position + 1] >= 0) {
				int value = first & 0x7f | this.bytes[this.position + 1] << 7;
				this.position += 2;
				return value;
			}
		}
		long value = longVarint(this.bytes, this.position, this.limit);
		this.position += longVarintSize(this.bytes, this.position);
		return value;
	}

	// Static, so that the cursor can stay in registers
	private static long longVarint(byte[] bytes, int start, int limit) {
		int position = start;
		long value = 0;
		for (int shift = 0; shift < 64; shift += 7) {
			if (position >= limit) {
				throw malformedAt(bytes, start, "a number that is cut off");
			}
			byte next = bytes[position++];
			value |= (long) (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
		throw malformedAt(bytes, start, "a number of more than ten bytes");
	}

	private static int longVarintSize(byte[] bytes, int start) {
		int size = 1;
		while (bytes[start + size - 1] < 0) {
			size++;
		}
		return size;
	}

	// Skips an unknown field, as every protobuf parser does
	void skipField(int tag) {
		switch (tag & 7) {
			case VARINT -> readVarint();
			case LENGTH_DELIMITED -> skipBytes(readLength());
			case FIXED64 -> skipFixed(Long.BYTES);
			case FIXED32 -> skipFixed(Integer.BYTES);
			default -> throw malformedAt(this.position, "a field of wire type " + (tag & 7));
		}
	}

	long readFixed64() {
		int start = this.position;
		skipFixed(Long.BYTES);
		return (long) Utf8.LONGS.get(this.bytes, start);
	}

	private void skipFixed(int size) {
		if (this.limit - this.position < size) {
			throw malformedAt(this.position,
					"a field of " + size + " bytes where " + (this.limit - this.position) + " are left");
		}
		this.position += size;
	}

	MalformedRequestException malformedAt(int offset, String found) {
		return malformedAt(this.bytes, offset, found);
	}

	private static MalformedRequestException malformedAt(byte[] bytes, int offset, String found) {
		return new MalformedRequestException("byte " + offset + " of " + bytes.length + ": " + found);
	}

}
