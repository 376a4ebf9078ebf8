package dev.statefun.netty;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Head of a POST in HTTP/1.1 with one announced size, and with nothing but plain ASCII.
 * Its connection is kept.
 */
final class PlainHead extends RequestHead {

	private final byte[] bytes;

	private final String target;

	private final long announced;

	private final @Nullable String contentType;

	private final @Nullable String userAgent;

	/**
	 * Create a head.
	 * @param bytes all bytes, including the empty line; not to be changed any more
	 * @param target path and query
	 * @param announced number of bytes of the body
	 * @param contentType content type, or {@code null} if there is none
	 * @param userAgent user agent, or {@code null} if there is none
	 */
	PlainHead(byte[] bytes, String target, long announced, @Nullable String contentType, @Nullable String userAgent) {
		this.bytes = bytes;
		this.target = target;
		this.announced = announced;
		this.contentType = contentType;
		this.userAgent = userAgent;
	}

	/**
	 * Return all bytes of the head.
	 * @return the bytes, not to be changed
	 */
	byte[] bytes() {
		return this.bytes;
	}

	@Override
	public boolean isValid() {
		return true;
	}

	@Override
	public String method() {
		return "POST";
	}

	@Override
	boolean isPost() {
		return true;
	}

	@Override
	public String target() {
		return this.target;
	}

	@Override
	public String version() {
		return "HTTP/1.1";
	}

	@Override
	public @Nullable String header(String name) {
		String head = new String(this.bytes, StandardCharsets.US_ASCII);
		int start = head.indexOf('\n') + 1;
		while (start < head.length() - 2) {
			int colon = head.indexOf(':', start);
			int end = head.indexOf('\r', start);
			if (colon - start == name.length() && head.regionMatches(true, start, name, 0, name.length())) {
				return head.substring(colon + 1, end).strip();
			}
			start = end + 2;
		}
		return null;
	}

	@Override
	@Nullable String contentType() {
		return this.contentType;
	}

	@Override
	@Nullable String userAgent() {
		return this.userAgent;
	}

	@Override
	long announced() {
		return this.announced;
	}

	@Override
	Persistence persistence() {
		return Persistence.KEEP;
	}

	@Override
	boolean expectsContinue() {
		return false;
	}

}
