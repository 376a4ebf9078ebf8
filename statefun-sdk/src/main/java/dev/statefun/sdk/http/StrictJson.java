package dev.statefun.sdk.http;

import java.util.BitSet;

/**
 * Checks that a text is one JSON value (RFC 8259) and nothing else. The parser of
 * {@code protobuf-java-util} also takes comments, single quotes and names without quotes,
 * and stops at the end of a value. Not thread-safe.
 */
final class StrictJson {

	private static final int END = -1;

	private final String text;

	private int at;

	private StrictJson(String text) {
		this.text = text;
	}

	/**
	 * Check a text.
	 * @param text the text
	 * @throws IllegalArgumentException if it is not one JSON value; the message has no
	 * part of the text
	 */
	static void require(String text) {
		new StrictJson(text).read();
	}

	// Without recursion, as a text may be nested as deeply as it is long
	private void read() {
		BitSet objects = new BitSet();
		int depth = 0;
		skipSpace();
		while (true) {
			if (begin(objects, depth)) {
				depth++;
				continue;
			}
			skipSpace();
			while (depth > 0) {
				boolean object = objects.get(depth - 1);
				if (take(',')) {
					beginMember(object);
					break;
				}
				require(object ? '}' : ']', object ? "',' or '}'" : "',' or ']'");
				depth--;
				skipSpace();
			}
			if (depth == 0) {
				if (peek() != END) {
					throw expected("nothing more");
				}
				return;
			}
		}
	}

	// Whether this is the begin of an object or array, which is not empty
	private boolean begin(BitSet objects, int depth) {
		boolean object = peek() == '{';
		if (!object && peek() != '[') {
			scalar();
			return false;
		}
		this.at++;
		skipSpace();
		if (take(object ? '}' : ']')) {
			return false;
		}
		objects.set(depth, object);
		beginMember(object);
		return true;
	}

	private void beginMember(boolean ofObject) {
		skipSpace();
		if (ofObject) {
			require('"', "a name in double quotes");
			string();
			skipSpace();
			require(':', "':'");
			skipSpace();
		}
	}

	private void scalar() {
		int first = peek();
		if (take('"')) {
			string();
		}
		else if (first == '-' || isDigit(first)) {
			number();
		}
		else {
			literal();
		}
	}

	private void literal() {
		for (String literal : new String[] { "true", "false", "null" }) {
			if (this.text.startsWith(literal, this.at)) {
				this.at += literal.length();
				return;
			}
		}
		throw expected("a value");
	}

	// After the first quotation mark
	private void string() {
		while (!take('"')) {
			int c = peek();
			if (c < ' ') {
				throw expected("the end of a string");
			}
			this.at++;
			if (c == '\\') {
				escape();
			}
		}
	}

	private void escape() {
		int c = peek();
		if (c == END || "\"\\/bfnrtu".indexOf(c) < 0) {
			throw expected("an escape sequence");
		}
		this.at++;
		for (int i = 0; c == 'u' && i < 4; i++) {
			int digit = peek();
			if (!isDigit(digit) && (digit < 'a' || digit > 'f') && (digit < 'A' || digit > 'F')) {
				throw expected("four hexadecimal digits");
			}
			this.at++;
		}
	}

	private void number() {
		take('-');
		if (!take('0')) {
			digits();
		}
		if (take('.')) {
			digits();
		}
		if (take('e') || take('E')) {
			if (!take('+')) {
				take('-');
			}
			digits();
		}
	}

	private void digits() {
		if (!isDigit(peek())) {
			throw expected("a digit");
		}
		while (isDigit(peek())) {
			this.at++;
		}
	}

	private static boolean isDigit(int c) {
		return c >= '0' && c <= '9';
	}

	private void skipSpace() {
		while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
			this.at++;
		}
	}

	private int peek() {
		return (this.at < this.text.length()) ? this.text.charAt(this.at) : END;
	}

	private boolean take(char c) {
		if (peek() != c) {
			return false;
		}
		this.at++;
		return true;
	}

	private void require(char c, String name) {
		if (!take(c)) {
			throw expected(name);
		}
	}

	private IllegalArgumentException expected(String what) {
		return new IllegalArgumentException("not JSON at character " + (this.at + 1) + ": expected " + what);
	}

}
