package dev.statefun.sdk.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Internal: may change in any release. Strict UTF-8, which refuses what {@link String}
 * would silently replace.
 *
 * @since 0.1.0
 */
public final class Utf8 {

	/** Reads eight bytes at any offset. */
	static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long NOT_ASCII = 0x8080808080808080L;

	private Utf8() {
	}

	/**
	 * Return whether bytes are well-formed UTF-8: no overlong forms, no surrogates,
	 * nothing above U+10FFFF.
	 * @param bytes array with the text
	 * @param offset offset of its first byte
	 * @param length number of bytes
	 * @return whether the bytes are well-formed
	 */
	public static boolean isValid(byte[] bytes, int offset, int length) {
		int end = offset + length;
		int start = offset;
		while (start <= end - Long.BYTES && ((long) LONGS.get(bytes, start) & NOT_ASCII) == 0) {
			start += Long.BYTES;
		}
		int rest = end - start;
		return (rest < Long.BYTES && (upToSeven(bytes, start, rest) & NOT_ASCII) == 0)
				|| isValidFrom(bytes, start, end);
	}

	// Whether two names are equal. They are short, so that a loop beats the call of an
	// intrinsic; the last eight bytes may be compared twice
	static boolean isSame(byte[] first, int firstOffset, byte[] second, int secondOffset, int length) {
		int last = length - Long.BYTES;
		if (last < 0) {
			return upToSeven(first, firstOffset, length) == upToSeven(second, secondOffset, length);
		}
		for (int i = 0; i < last; i += Long.BYTES) {
			if ((long) LONGS.get(first, firstOffset + i) != (long) LONGS.get(second, secondOffset + i)) {
				return false;
			}
		}
		return (long) LONGS.get(first, firstOffset + last) == (long) LONGS.get(second, secondOffset + last);
	}

	static boolean contains(byte[] bytes, int start, int end, char wanted) {
		for (int i = start; i < end; i++) {
			if (bytes[i] == wanted) {
				return true;
			}
		}
		return false;
	}

	// Up to seven bytes as one number, the first one lowest; for short names this
	// avoids branches that are hard to predict
	static long upToSeven(byte[] bytes, int offset, int length) {
		if (offset <= bytes.length - Long.BYTES) {
			return (long) LONGS.get(bytes, offset) & ((1L << (length << 3)) - 1);
		}
		long value = 0;
		for (int i = length - 1; i >= 0; i--) {
			value = value << Byte.SIZE | (bytes[offset + i] & 0xff);
		}
		return value;
	}

	private static boolean isValidFrom(byte[] bytes, int start, int end) {
		int i = start;
		while (i < end) {
			int lead = bytes[i++];
			if (lead >= 0) {
				continue;
			}
			int continuations = continuations(lead & 0xff);
			if (continuations == 0 || end - i < continuations || !isSecond(lead & 0xff, bytes[i] & 0xff)) {
				return false;
			}
			for (int k = 1; k < continuations; k++) {
				if ((bytes[i + k] & 0xc0) != 0x80) {
					return false;
				}
			}
			i += continuations;
		}
		return true;
	}

	private static int continuations(int lead) {
		if (lead >= 0xc2 && lead <= 0xdf) {
			return 1;
		}
		if ((lead & 0xf0) == 0xe0) {
			return 2;
		}
		return (lead >= 0xf0 && lead <= 0xf4) ? 3 : 0;
	}

	private static boolean isSecond(int lead, int second) {
		return switch (lead) {
			case 0xe0 -> second >= 0xa0 && second <= 0xbf;
			case 0xed -> second >= 0x80 && second <= 0x9f;
			case 0xf0 -> second >= 0x90 && second <= 0xbf;
			case 0xf4 -> second >= 0x80 && second <= 0x8f;
			default -> (second & 0xc0) == 0x80;
		};
	}

	/**
	 * Read text that is known to be valid.
	 * @param bytes array with the text
	 * @param offset offset of its first byte
	 * @param length number of bytes
	 * @return the text
	 */
	public static String read(byte[] bytes, int offset, int length) {
		return new String(bytes, offset, length, StandardCharsets.UTF_8);
	}

	/**
	 * Return the length of a text in UTF-8.
	 * @param text the text
	 * @return the number of bytes
	 * @throws IllegalArgumentException if the text has an unpaired surrogate
	 */
	public static int length(String text) {
		int chars = text.length();
		int length = chars;
		for (int i = 0; i < chars; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				length += extraBytes(text, i, c);
			}
		}
		if (length < chars) {
			throw new IllegalArgumentException("a text of " + chars + " characters is too long for one message");
		}
		return length;
	}

	private static int extraBytes(String text, int index, char c) {
		if (c < 0x800) {
			return 1;
		}
		if (!Character.isSurrogate(c)) {
			return 2;
		}
		// A pair has four bytes for two characters: one more for each of them
		boolean paired = Character.isHighSurrogate(c)
				? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
				: index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
		if (!paired) {
			throw new IllegalArgumentException(
					"a text with an unpaired surrogate at index " + index + " can't be written as UTF-8");
		}
		return 1;
	}

	/**
	 * Write a text; its {@link #length} must fit.
	 * @param text the text
	 * @param target array to write to
	 * @param position position of the first byte
	 * @return the position after the text
	 */
	public static int write(String text, byte[] target, int position) {
		int chars = text.length();
		for (int i = 0; i < chars; i++) {
			char c = text.charAt(i);
			if (c >= 0x80) {
				byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
				System.arraycopy(rest, 0, target, position + i, rest.length);
				return position + i + rest.length;
			}
			target[position + i] = (byte) c;
		}
		return position + chars;
	}

	// Writes a text whose length in UTF-8 is known; the characters of most are bytes
	@SuppressWarnings("deprecation")
	static int write(String text, int length, byte[] target, int position) {
		if (length == text.length()) {
			text.getBytes(0, length, target, position);
			return position + length;
		}
		return write(text, target, position);
	}

	/**
	 * Encode a text.
	 * @param text the text
	 * @return its bytes
	 * @throws IllegalArgumentException if the text has an unpaired surrogate
	 */
	public static byte[] encode(String text) {
		byte[] bytes = new byte[length(text)];
		write(text, bytes, 0);
		return bytes;
	}

}
