package dev.statefun.sdk.http;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.http.UnreadableRequestException.Fault;

/**
 * Internal: may change in any release. The path of a request, split before it is decoded,
 * so that a segment may contain a {@code /}.
 *
 * @param raw the path as received
 */
public record RequestPath(String raw) {

	/**
	 * Return the path of a URI.
	 * @param uri the URI as received
	 * @return its path
	 */
	// A URI reads '//a/b' as a host and a path
	public static RequestPath of(URI uri) {
		String text = uri.toString();
		if (!text.startsWith("/")) {
			text = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		}
		int query = text.indexOf('?');
		return new RequestPath((query < 0) ? text : text.substring(0, query));
	}

	/**
	 * Return the segments of the path.
	 * @return the segments, decoded
	 * @throws UnreadableRequestException if one is not percent-encoded UTF-8
	 */
	public List<String> segments() throws UnreadableRequestException {
		List<String> segments = new ArrayList<>();
		for (String segment : this.raw.substring(this.raw.startsWith("/") ? 1 : 0).split("/", -1)) {
			segments.add(decode(segment));
		}
		return segments;
	}

	private String decode(String segment) throws UnreadableRequestException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(segment.length());
		int at = 0;
		while (at < segment.length()) {
			int escape = segment.indexOf('%', at);
			int end = (escape < 0) ? segment.length() : escape;
			bytes.writeBytes(segment.substring(at, end).getBytes(StandardCharsets.UTF_8));
			if (escape >= 0) {
				bytes.write(unescape(segment, escape));
				end += 3;
			}
			at = end;
		}
		try {
			return Utf8Text.decode(bytes.toByteArray());
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableRequestException(Fault.PATH,
					"'" + segment + "' in the path '" + this.raw + "' is not percent-encoded UTF-8");
		}
	}

	private int unescape(String segment, int escape) throws UnreadableRequestException {
		if (escape + 2 < segment.length()) {
			int high = Character.digit(segment.charAt(escape + 1), 16);
			int low = Character.digit(segment.charAt(escape + 2), 16);
			if (high >= 0 && low >= 0) {
				return 16 * high + low;
			}
		}
		throw new UnreadableRequestException(Fault.PATH, "'" + segment + "' in the path '" + this.raw
				+ "' has a '%' without two hexadecimal digits; write '%25' for a percent sign");
	}

}
