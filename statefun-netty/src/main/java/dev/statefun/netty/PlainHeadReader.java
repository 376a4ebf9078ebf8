package dev.statefun.netty;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.statefun.endpoint.Endpoint;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads heads as all transports of clusters write them (protocol.md §6.2), see
 * {@link PlainHead}. Leaves any other head to Netty's decoder: what this class accepts
 * has one meaning only, so that it can't differ from a proxy in front on where a request
 * ends. For one connection.
 */
final class PlainHeadReader {

	private static final byte[] START = ascii("POST /");

	private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");

	private static final int INITIAL_SIZE = 512;

	private static final int MAX_DIGITS = 18;

	/** Characters of names, in lower case; others are zero. */
	private static final byte[] NAME_CHARACTERS = new byte[256];

	static {
		for (char c = '0'; c <= '9'; c++) {
			NAME_CHARACTERS[c] = (byte) c;
		}
		for (char c = 'a'; c <= 'z'; c++) {
			NAME_CHARACTERS[c] = (byte) c;
			NAME_CHARACTERS[c - 'a' + 'A'] = (byte) c;
		}
		for (byte c : ascii("!#$%&'*+-.^_`|~")) {
			NAME_CHARACTERS[c] = c;
		}
	}

	private final int maxSize;

	/** Copy of the bytes that are read, followed by a zero, which no line has. */
	private byte[] bytes = new byte[INITIAL_SIZE];

	private int length;

	private int position;

	private long announced;

	private @Nullable String contentType;

	private @Nullable String userAgent;

	private @Nullable PlainHead last;

	/**
	 * Create a reader.
	 * @param maxSize maximum number of bytes of a head
	 */
	PlainHeadReader(int maxSize) {
		this.maxSize = maxSize;
	}

	/**
	 * Read a head.
	 * @param in the bytes that have arrived; those of the head are skipped
	 * @return the head; or {@code null} if there is no complete one, or one that is
	 * written otherwise, and nothing is skipped
	 */
	@Nullable PlainHead read(ByteBuf in) {
		PlainHead head = readCopied(in);
		while (head == null && this.position == this.length
				&& this.length < Math.min(in.readableBytes(), this.maxSize)) {
			this.bytes = new byte[this.bytes.length * 2];
			head = readCopied(in);
		}
		if (head != null) {
			in.skipBytes(head.bytes().length);
			this.last = head;
		}
		return head;
	}

	private @Nullable PlainHead readCopied(ByteBuf in) {
		this.length = Math.min(Math.min(in.readableBytes(), this.maxSize), this.bytes.length - 1);
		in.getBytes(in.readerIndex(), this.bytes, 0, this.length);
		this.bytes[this.length] = 0;
		PlainHead known = this.last;
		if (known != null && startsWith(0, known.bytes())) {
			return known;
		}
		return readHead(known);
	}

	private @Nullable PlainHead readHead(@Nullable PlainHead known) {
		this.position = 0;
		if (!skip(START)) {
			return null;
		}
		int target = this.position - 1;
		skipVisible();
		int targetEnd = this.position;
		if (!skip(VERSION)) {
			return null;
		}
		this.announced = -1;
		this.contentType = null;
		this.userAgent = null;
		while (this.bytes[this.position] != '\r') {
			if (!readHeader(known)) {
				return null;
			}
		}
		if (!skipLineEnd() || this.announced < 0) {
			return null;
		}
		return new PlainHead(Arrays.copyOf(this.bytes, this.position),
				text(target, targetEnd, (known != null) ? known.target() : null), this.announced, this.contentType,
				this.userAgent);
	}

	// Returns whether the header has one meaning
	private boolean readHeader(@Nullable PlainHead known) {
		int name = this.position;
		while (NAME_CHARACTERS[this.bytes[this.position] & 0xff] != 0) {
			this.position++;
		}
		int nameEnd = this.position;
		if (nameEnd == name || this.bytes[nameEnd] != ':') {
			return false;
		}
		this.position++;
		skipSpace();
		int value = this.position;
		while (isOfValue(this.bytes[this.position])) {
			this.position++;
		}
		int valueEnd = this.position;
		while (valueEnd > value && isSpace(this.bytes[valueEnd - 1])) {
			valueEnd--;
		}
		return skipLineEnd() && isKnown(name, nameEnd, value, valueEnd, known);
	}

	private boolean isKnown(int name, int nameEnd, int value, int valueEnd, @Nullable PlainHead known) {
		switch (nameEnd - name) {
			case 6 -> {
				return !isName(name, "expect");
			}
			case 10 -> {
				if (isName(name, "connection")) {
					return is(value, valueEnd, "keep-alive") || is(value, valueEnd, "Keep-Alive");
				}
				if (isName(name, "user-agent")) {
					boolean first = this.userAgent == null;
					this.userAgent = text(value, valueEnd, (known != null) ? known.userAgent() : null);
					return first;
				}
			}
			case 12 -> {
				if (isName(name, "content-type")) {
					boolean first = this.contentType == null;
					this.contentType = text(value, valueEnd, Endpoint.CONTENT_TYPE);
					return first;
				}
			}
			case 14 -> {
				if (isName(name, "content-length")) {
					boolean first = this.announced < 0;
					this.announced = number(value, valueEnd);
					return first && this.announced >= 0;
				}
			}
			case 17 -> {
				return !isName(name, "transfer-encoding");
			}
			default -> {
			}
		}
		return true;
	}

	// Returns -1 for what is not a number
	private long number(int from, int to) {
		if (from == to || to - from > MAX_DIGITS) {
			return -1;
		}
		long number = 0;
		for (int i = from; i < to; i++) {
			int digit = this.bytes[i] - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return number;
	}

	private boolean isName(int from, String name) {
		for (int i = 0; i < name.length(); i++) {
			if (NAME_CHARACTERS[this.bytes[from + i]] != name.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	// Creates no other text if it is the likely one
	private String text(int from, int to, @Nullable String likely) {
		return (likely != null && is(from, to, likely)) ? likely
				: new String(this.bytes, from, to - from, StandardCharsets.US_ASCII);
	}

	private boolean is(int from, int to, String text) {
		if (to - from != text.length()) {
			return false;
		}
		for (int i = 0; i < text.length(); i++) {
			if (this.bytes[from + i] != text.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private void skipVisible() {
		while (this.bytes[this.position] > ' ' && this.bytes[this.position] < 0x7f) {
			this.position++;
		}
	}

	private void skipSpace() {
		while (isSpace(this.bytes[this.position])) {
			this.position++;
		}
	}

	private boolean skipLineEnd() {
		if (this.bytes[this.position] != '\r') {
			return false;
		}
		this.position++;
		if (this.bytes[this.position] != '\n') {
			return false;
		}
		this.position++;
		return true;
	}

	private boolean skip(byte[] expected) {
		if (!startsWith(this.position, expected)) {
			// All that has arrived may be a part of it
			this.position = Math.min(this.position + expected.length, this.length);
			return false;
		}
		this.position += expected.length;
		return true;
	}

	private boolean startsWith(int from, byte[] expected) {
		int to = from + expected.length;
		return to <= this.length && Arrays.equals(this.bytes, from, to, expected, 0, expected.length);
	}

	private static boolean isOfValue(byte character) {
		return (character >= ' ' && character < 0x7f) || character == '\t';
	}

	private static boolean isSpace(byte character) {
		return character == ' ' || character == '\t';
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
