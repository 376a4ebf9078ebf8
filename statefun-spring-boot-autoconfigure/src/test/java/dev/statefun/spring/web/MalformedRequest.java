package dev.statefun.spring.web;

/**
 * Request that is not one of HTTP/1.1, or that is too large or unsafe to be one.
 */
enum MalformedRequest {

	TWO_SIZES("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),

	NEGATIVE_SIZE("Content-Length: -3\r\n\r\nabcd"),

	OVERFLOWING_SIZE("Content-Length: 99999999999999999999\r\n\r\nabcd"),

	SIZE_THAT_IS_NO_NUMBER("Content-Length: 0x3\r\n\r\nabc"),

	SPACE_BEFORE_COLON("Content-Length : 3\r\n\r\nabc"),

	LINE_WITHOUT_COLON("No header\r\n\r\n"),

	CONTROL_CHARACTER_IN_A_HEADER("X: a\u0001b\r\n\r\n"),

	OTHER_ENCODING("Transfer-Encoding: gzip\r\n\r\nabc"),

	UNKNOWN_ENCODING("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),

	TWO_ENCODINGS("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),

	LARGE_HEADER("X: " + "a".repeat(9000) + "\r\n\r\n"),

	MANY_HEADERS("A: b\r\n".repeat(4000) + "\r\n"),

	LARGE_PATH("POST /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", true),

	NO_HTTP("garbage\r\n\r\n", true),

	TLS("\u0016\u0003\u0001\u0002\r\n\r\n", true);

	private final String text;

	MalformedRequest(String headers) {
		this("POST /statefun HTTP/1.1\r\nHost: localhost\r\n" + headers, true);
	}

	MalformedRequest(String text, boolean whole) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
