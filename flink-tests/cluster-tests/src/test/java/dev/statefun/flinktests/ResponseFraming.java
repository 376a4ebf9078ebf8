package dev.statefun.flinktests;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Follows the bytes of the responses on one connection as far as necessary to find where
 * each of them ends: HTTP/1.1 with {@code Content-Length} or in chunks. Responses to
 * {@code HEAD} or {@code CONNECT} are not supported.
 */
final class ResponseFraming {

	private static final int MAX_LINE = 64 * 1024;

	private final StringBuilder line = new StringBuilder();

	private Part part = Part.STATUS;

	private int status;

	private long length;

	private boolean chunked;

	/**
	 * Follow bytes that have arrived.
	 * @param bytes buffer with the bytes
	 * @param count number of bytes from its start
	 * @param ended receives the status of each final response that ends with these bytes
	 */
	void read(byte[] bytes, int count, IntConsumer ended) {
		int position = 0;
		while (position < count) {
			switch (this.part) {
				case BODY, CHUNK -> {
					long read = Math.min(this.length, count - position);
					position += (int) read;
					this.length -= read;
					if (this.length == 0) {
						endData(ended);
					}
				}
				case REST -> position = count;
				default -> readLine(bytes[position++], ended);
			}
		}
	}

	/**
	 * Return whether the first byte of a response has arrived and its last one has not. A
	 * response that ends with its connection is always incomplete, as its end can't be
	 * recognized.
	 * @return whether a connection that ends now truncates a response
	 */
	boolean isWithinResponse() {
		return this.part != Part.STATUS || !this.line.isEmpty();
	}

	/**
	 * Return the status of the current response.
	 * @return the code, or 0 if it has not arrived yet
	 */
	int status() {
		return this.status;
	}

	private void readLine(byte next, IntConsumer ended) {
		if (next != '\n') {
			this.line.append((char) (next & 0xff));
			if (this.line.length() > MAX_LINE) {
				throw new IllegalStateException("Not HTTP/1.1: a line of more than %d bytes".formatted(MAX_LINE));
			}
			return;
		}
		String text = this.line.toString().stripTrailing();
		this.line.setLength(0);
		switch (this.part) {
			case STATUS -> beginHead(text);
			case HEAD -> readHeader(text, ended);
			case CHUNK_SIZE -> beginChunk(text);
			case CHUNK_END -> this.part = Part.CHUNK_SIZE;
			case TRAILER -> {
				if (text.isEmpty()) {
					end(ended);
				}
			}
			default -> throw new IllegalStateException("No line is expected in " + this.part);
		}
	}

	private void beginHead(String text) {
		String[] words = text.split(" ", 3);
		if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
			throw new IllegalStateException("Not HTTP/1.1, but of bytes '%s'"
				.formatted(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.US_ASCII)));
		}
		this.status = Integer.parseInt(words[1]);
		this.length = -1;
		this.chunked = false;
		this.part = Part.HEAD;
	}

	private void readHeader(String text, IntConsumer ended) {
		if (text.isEmpty()) {
			endHead(ended);
			return;
		}
		int colon = text.indexOf(':');
		String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
		String value = text.substring(colon + 1).strip();
		if (name.equals("content-length")) {
			this.length = Long.parseLong(value);
		}
		else if (name.equals("transfer-encoding")) {
			this.chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
		}
	}

	private void endHead(IntConsumer ended) {
		if (this.status < 200) {
			// The response itself follows
			this.part = Part.STATUS;
		}
		else if (this.status == 204 || this.status == 304) {
			end(ended);
		}
		else if (this.chunked) {
			this.part = Part.CHUNK_SIZE;
		}
		else if (this.length == 0) {
			end(ended);
		}
		else {
			this.part = (this.length > 0) ? Part.BODY : Part.REST;
		}
	}

	private void beginChunk(String text) {
		int extension = text.indexOf(';');
		this.length = Long.parseLong((extension < 0) ? text : text.substring(0, extension).strip(), 16);
		this.part = (this.length == 0) ? Part.TRAILER : Part.CHUNK;
	}

	private void endData(IntConsumer ended) {
		if (this.part == Part.BODY) {
			end(ended);
		}
		else {
			this.part = Part.CHUNK_END;
		}
	}

	private void end(IntConsumer ended) {
		int code = this.status;
		this.status = 0;
		this.part = Part.STATUS;
		ended.accept(code);
	}

	private enum Part {

		STATUS, HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, REST

	}

}
