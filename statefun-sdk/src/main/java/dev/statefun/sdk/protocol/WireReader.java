package dev.statefun.sdk.protocol;

/**
 * A cursor over protobuf bytes. Every length is held against what is left, so that no
 * input reads beyond its message.
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

	// A cursor of its own for each message stays in the processor's registers: it is seen
	// by nothing but what reads that message
	WireReader readMessage() {
		int length = readLength();
		return new WireReader(this.bytes, skipBytes(length), length);
	}

	// Another cursor over what is left
	WireReader again() {
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

	// Read the length of a field and check that so many bytes are left.
	int readLength() {
		int start = this.position;
		long length = readVarint();
		if (length < 0 || length > this.limit - this.position) {
			throw malformedAt(start, "a field of " + Long.toUnsignedString(length) + " bytes where "
					+ (this.limit - this.position) + " are left");
		}
		return (int) length;
	}

	// Read the length of a text field and check that the text is UTF-8. The cursor stays
	// at the start of the text.
	int readTextLength() {
		int length = readLength();
		if (!Utf8.isValid(this.bytes, this.position, length)) {
			throw malformedAt(this.position, "a text that is not UTF-8");
		}
		return length;
	}

	// Step over bytes whose number was read with readLength.
	// Returns where they start.
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
		}
		long value = longVarint(this.bytes, this.position, this.limit);
		this.position += longVarintSize(this.bytes, this.position);
		return value;
	}

	// Static, or the cursor could not stay in registers
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

	// Skip a field that is not known here, as every protobuf parser does.
	void skipField(int tag) {
		switch (tag & 7) {
			case VARINT -> readVarint();
			case LENGTH_DELIMITED -> skipBytes(readLength());
			case FIXED64 -> skipFixed(Long.BYTES);
			case FIXED32 -> skipFixed(Integer.BYTES);
			default -> throw malformedAt(this.position, "a field of wire type " + (tag & 7));
		}
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
