package dev.statefun.benchmarks.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The counter without an SDK: a lower bound for the cost of a request on the JVM. One
 * pass over the bytes, values decoded in place, addresses copied unchanged; no context,
 * no state objects, no second function, no failures, and no checks beyond those for the
 * control flow. Not suitable for serving a cluster.
 */
public final class LazyCounter {

	/** Room for the tag of field 100 and its length. */
	private static final int HEADROOM = 7;

	/** Maximum size of the tag, wrapper and number of an int. */
	private static final int VALUE_ROOM = 64;

	private static final byte[] TARGET = "\n\5bench\22\5count".getBytes(StandardCharsets.UTF_8);

	private static final byte[] STATE_NAME = Names.STATE.getBytes(StandardCharsets.UTF_8);

	private static final byte[] EGRESS = "\n\5bench\22\3out".getBytes(StandardCharsets.UTF_8);

	private static final byte[] TYPED_INT = "\n\25io.statefun.types/int\20\1".getBytes(StandardCharsets.UTF_8);

	private final byte[] in;

	private int position;

	private byte[] out;

	private int written = HEADROOM;

	private int count;

	private LazyCounter(byte[] in) {
		this.in = in;
		this.out = new byte[2 * in.length + VALUE_ROOM];
	}

	/**
	 * Handle a request.
	 * @param request the body of the request
	 * @return the body of the reply
	 */
	public static byte[] handle(byte[] request) {
		return new LazyCounter(request).run();
	}

	private byte[] run() {
		if (readVarint() != 802) {
			throw new IllegalArgumentException("No batch");
		}
		int end = readVarint() + this.position;
		while (this.position < end) {
			int tag = readVarint();
			int length = readVarint();
			switch (tag) {
				case 0x0a -> {
					if (!matches(TARGET)) {
						throw new IllegalArgumentException("Another function");
					}
					this.position += length;
				}
				case 0x12 -> readState(this.position + length);
				case 0x1a -> invoke(this.position + length);
				default -> this.position += length;
			}
		}
		require(VALUE_ROOM + STATE_NAME.length);
		int value = valueSize(this.count);
		writeByte(0x0a);
		writeVarint(2 + 2 + STATE_NAME.length + 2 + value);
		writeByte(0x08);
		writeByte(1);
		writeByte(0x12);
		writeByte(STATE_NAME.length);
		write(STATE_NAME);
		writeValue(0x1a, value, this.count);
		return reply();
	}

	private boolean matches(byte[] expected) {
		return Arrays.equals(this.in, this.position, this.position + expected.length, expected, 0, expected.length);
	}

	private void readState(int end) {
		this.position++;
		int name = readVarint();
		this.position += name;
		if (this.position < end) {
			this.position++;
			int length = readVarint();
			this.count = readInt(this.position + length);
		}
		this.position = end;
	}

	private void invoke(int end) {
		this.position++;
		int length = readVarint();
		int caller = this.position;
		this.position += length;
		this.position++;
		int argument = readVarint();
		this.count += readInt(this.position + argument);
		this.position = end;
		require(2 * VALUE_ROOM + EGRESS.length + length);
		int value = valueSize(this.count);
		writeByte(0x12);
		writeVarint(1 + varintSize(length) + length + 2 + value);
		writeByte(0x0a);
		writeVarint(length);
		System.arraycopy(this.in, caller, this.out, this.written, length);
		this.written += length;
		writeValue(0x12, value, this.count);
		writeByte(0x22);
		writeVarint(EGRESS.length + 2 + value);
		write(EGRESS);
		writeValue(0x1a, value, this.count);
	}

	private int readInt(int end) {
		if (!matches(TYPED_INT)) {
			throw new IllegalArgumentException("Not an int");
		}
		int start = this.position + TYPED_INT.length + 3;
		if (start > end) {
			return 0;
		}
		byte[] bytes = this.in;
		return bytes[start] & 0xff | (bytes[start + 1] & 0xff) << 8 | (bytes[start + 2] & 0xff) << 16
				| bytes[start + 3] << 24;
	}

	private int readVarint() {
		int value = 0;
		for (int shift = 0;; shift += 7) {
			byte next = this.in[this.position++];
			value |= (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
	}

	private static int valueSize(int value) {
		return TYPED_INT.length + ((value != 0) ? 7 : 0);
	}

	private void writeValue(int tag, int size, int value) {
		writeByte(tag);
		writeByte(size);
		write(TYPED_INT);
		if (value != 0) {
			writeByte(0x1a);
			writeByte(5);
			writeByte(0x0d);
			writeByte(value);
			writeByte(value >> 8);
			writeByte(value >> 16);
			writeByte(value >> 24);
		}
	}

	private void require(int room) {
		if (this.out.length - this.written < room) {
			this.out = Arrays.copyOf(this.out, 2 * this.out.length + room);
		}
	}

	private void write(byte[] bytes) {
		System.arraycopy(bytes, 0, this.out, this.written, bytes.length);
		this.written += bytes.length;
	}

	private void writeByte(int value) {
		this.out[this.written++] = (byte) value;
	}

	private void writeVarint(int value) {
		int rest = value;
		while (rest > 0x7f) {
			writeByte(rest & 0x7f | 0x80);
			rest >>>= 7;
		}
		writeByte(rest);
	}

	private static int varintSize(int value) {
		return (value == 0) ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
	}

	private byte[] reply() {
		int end = this.written;
		int length = end - HEADROOM;
		int start = HEADROOM - 2 - varintSize(length);
		this.written = start;
		writeByte(0xa2);
		writeByte(0x06);
		writeVarint(length);
		return Arrays.copyOfRange(this.out, start, end);
	}

}
