package dev.statefun.sdk.message;

import java.lang.reflect.Type;

import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.protocol.WireWriter;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * Codecs of the six primitive types of StateFun 3.x, which are protobuf messages with one
 * field that is omitted when it is zero (protocol.md §8). A value is thus empty, or the
 * field's tag and content; all else is refused, as by the official Java SDK.
 *
 * @param <T> the Java type
 */
abstract sealed class PrimitiveCodec<T> implements MessageCodec<T> {

	private static final byte[] ZERO = {};

	private final Class<T> type;

	private final String typename;

	private final ScalarKind kind;

	private PrimitiveCodec(Class<T> type, String name, ScalarKind kind) {
		this.type = type;
		this.kind = kind;
		this.typename = "io.statefun.types/" + name;
	}

	static @Nullable PrimitiveCodec<?> forType(Type type) {
		if (type == Boolean.class || type == boolean.class) {
			return new BooleanCodec();
		}
		if (type == Integer.class || type == int.class) {
			return new IntegerCodec();
		}
		if (type == Long.class || type == long.class) {
			return new LongCodec();
		}
		if (type == Float.class || type == float.class) {
			return new FloatCodec();
		}
		if (type == Double.class || type == double.class) {
			return new DoubleCodec();
		}
		return (type == String.class) ? new StringCodec() : null;
	}

	@Override
	public final Type type() {
		return this.type;
	}

	@Override
	public final String typename() {
		return this.typename;
	}

	@Override
	public final boolean immutable() {
		return true;
	}

	@Override
	public final ValueSchema schema(SchemaDefinitions definitions) {
		return new ValueSchema.Scalar(this.kind);
	}

	// Checks that a fixed-size value has exactly the expected tag and size
	final void requireFixed(byte[] buffer, int offset, int length, int tag, int size) {
		if (length != 1 + size || buffer[offset] != tag) {
			throw malformed(length);
		}
	}

	final IllegalArgumentException malformed(int length) {
		return new IllegalArgumentException(length + " bytes are no value of type '" + this.typename + "'");
	}

	@Override
	public abstract byte[] encode(T value);

	static int readFixed32(byte[] buffer, int offset) {
		return (buffer[offset] & 0xff) | (buffer[offset + 1] & 0xff) << 8 | (buffer[offset + 2] & 0xff) << 16
				| (buffer[offset + 3] & 0xff) << 24;
	}

	static long readFixed64(byte[] buffer, int offset) {
		return (readFixed32(buffer, offset) & 0xffffffffL) | (long) readFixed32(buffer, offset + 4) << 32;
	}

	static byte[] writeFixed32(int tag, int bits) {
		return new byte[] { (byte) tag, (byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24) };
	}

	static byte[] writeFixed64(int tag, long bits) {
		byte[] bytes = new byte[9];
		bytes[0] = (byte) tag;
		for (int i = 0; i < 8; i++) {
			bytes[1 + i] = (byte) (bits >> (8 * i));
		}
		return bytes;
	}

	private static final class BooleanCodec extends PrimitiveCodec<Boolean> {

		private static final int TAG = 0x08;

		private BooleanCodec() {
			super(Boolean.class, "bool", ScalarKind.BOOLEAN);
		}

		@Override
		public Boolean decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return false;
			}
			requireFixed(buffer, offset, length, TAG, 1);
			if (buffer[offset + 1] != 1) {
				throw malformed(length);
			}
			return true;
		}

		@Override
		public byte[] encode(Boolean value) {
			return value ? new byte[] { TAG, 1 } : ZERO;
		}

	}

	private static final class IntegerCodec extends PrimitiveCodec<Integer> {

		private static final int TAG = 0x0d;

		private IntegerCodec() {
			super(Integer.class, "int", ScalarKind.INT);
		}

		@Override
		public Integer decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return 0;
			}
			requireFixed(buffer, offset, length, TAG, Integer.BYTES);
			return readFixed32(buffer, offset + 1);
		}

		@Override
		public byte[] encode(Integer value) {
			return (value == 0) ? ZERO : writeFixed32(TAG, value);
		}

	}

	private static final class LongCodec extends PrimitiveCodec<Long> {

		private static final int TAG = 0x09;

		private LongCodec() {
			super(Long.class, "long", ScalarKind.LONG);
		}

		@Override
		public Long decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return 0L;
			}
			requireFixed(buffer, offset, length, TAG, Long.BYTES);
			return readFixed64(buffer, offset + 1);
		}

		@Override
		public byte[] encode(Long value) {
			return (value == 0) ? ZERO : writeFixed64(TAG, value);
		}

	}

	private static final class FloatCodec extends PrimitiveCodec<Float> {

		private static final int TAG = 0x0d;

		private FloatCodec() {
			super(Float.class, "float", ScalarKind.FLOAT);
		}

		@Override
		public Float decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return 0.0f;
			}
			requireFixed(buffer, offset, length, TAG, Float.BYTES);
			return Float.intBitsToFloat(readFixed32(buffer, offset + 1));
		}

		@Override
		public byte[] encode(Float value) {
			// Compares bits: -0.0 is not omitted, or its sign would be lost
			int bits = Float.floatToRawIntBits(value);
			return (bits == 0) ? ZERO : writeFixed32(TAG, bits);
		}

	}

	private static final class DoubleCodec extends PrimitiveCodec<Double> {

		private static final int TAG = 0x09;

		private DoubleCodec() {
			super(Double.class, "double", ScalarKind.DOUBLE);
		}

		@Override
		public Double decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return 0.0;
			}
			requireFixed(buffer, offset, length, TAG, Double.BYTES);
			return Double.longBitsToDouble(readFixed64(buffer, offset + 1));
		}

		@Override
		public byte[] encode(Double value) {
			long bits = Double.doubleToRawLongBits(value);
			return (bits == 0) ? ZERO : writeFixed64(TAG, bits);
		}

	}

	private static final class StringCodec extends PrimitiveCodec<String> {

		private static final int TAG = 0x0a;

		private StringCodec() {
			super(String.class, "string", ScalarKind.TEXT);
		}

		@Override
		public String decode(byte[] buffer, int offset, int length) {
			if (length == 0) {
				return "";
			}
			if (buffer[offset] != TAG) {
				throw malformed(length);
			}
			int textLength = textLength(buffer, offset + 1, length - 1);
			int textOffset = offset + length - textLength;
			if (!Utf8.isValid(buffer, textOffset, textLength)) {
				throw malformed(length);
			}
			return Utf8.read(buffer, textOffset, textLength);
		}

		// Reads the length before the text, which must fill the rest of the value
		private int textLength(byte[] buffer, int offset, int length) {
			long text = 0;
			for (int i = 0; i < length && i < 5; i++) {
				byte next = buffer[offset + i];
				text |= (long) (next & 0x7f) << (7 * i);
				if (next >= 0 && text == length - i - 1) {
					return (int) text;
				}
				if (next >= 0) {
					break;
				}
			}
			throw malformed(length + 1);
		}

		@Override
		public byte[] encode(String value) {
			if (value.isEmpty()) {
				return ZERO;
			}
			int length = Utf8.length(value);
			byte[] bytes = new byte[WireWriter.fieldSize(length)];
			bytes[0] = TAG;
			Utf8.write(value, bytes, WireWriter.writeVarint(length, bytes, 1));
			return bytes;
		}

	}

}
