package dev.statefun.local.playground;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.google.protobuf.ByteString;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.protocol.Printable;

/**
 * Headers of messages as headers of HTTP. A value has the same bytes in both, so UTF-8
 * remains UTF-8: HTTP does not interpret bytes above 0x7f (RFC 9110, section 5.5), and
 * the server of the JDK has one character for each byte.
 */
final class HttpHeaders {

	private static final String PREFIX = "statefun-header-";

	/** Names of HTTP headers that are keys as they are: those of W3C, and B3. */
	private static final List<String> TRACE_CONTEXT = List.of("traceparent", "tracestate", "baggage", "b3");

	private HttpHeaders() {
	}

	/**
	 * Return the headers of the message in a request. Their keys are in lower case, as
	 * HTTP ignores the case of names, and in alphabetical order.
	 * @param http headers of the request
	 * @return the headers
	 * @throws RefusedRequestException if a key is not valid, or they exceed a limit
	 */
	static Headers read(com.sun.net.httpserver.Headers http) throws RefusedRequestException {
		Map<String, List<String>> byKey = new TreeMap<>();
		for (String name : TRACE_CONTEXT) {
			if (http.containsKey(name)) {
				byKey.put(name, http.get(name));
			}
		}
		http.forEach((name, values) -> {
			String lower = name.toLowerCase(Locale.ROOT);
			if (lower.startsWith(PREFIX)) {
				byKey.put(lower.substring(PREFIX.length()), values);
			}
		});
		Headers headers = Headers.empty();
		for (Map.Entry<String, List<String>> entry : byKey.entrySet()) {
			// Lines of the same name are one list (RFC 9110, section 5.3)
			headers = add(entry.getKey(), String.join(", ", entry.getValue()), headers);
		}
		return headers;
	}

	private static Headers add(String key, String value, Headers headers) throws RefusedRequestException {
		try {
			Headers.requireKey(key);
		}
		catch (IllegalArgumentException ex) {
			throw new RefusedRequestException(400, "The HTTP header '" + PREFIX + Printable.of(key)
					+ "' can't be a header of the message. " + ex.getMessage());
		}
		try {
			return headers.and(key, ByteString.copyFrom(value, StandardCharsets.ISO_8859_1));
		}
		catch (IllegalArgumentException ex) {
			throw new RefusedRequestException(431, ex.getMessage());
		}
	}

	/**
	 * Write the headers of a record to a response, as far as HTTP can express them.
	 * @param headers the headers
	 * @param http receives them
	 */
	static void write(Headers headers, com.sun.net.httpserver.Headers http) {
		int left = Headers.MAX_SIZE;
		for (Headers.Entry entry : headers.all()) {
			ByteString value = entry.value();
			if (value != null && isKey(entry.key()) && isText(value)) {
				left -= entry.key().length() + value.size();
				if (left < 0) {
					return;
				}
				http.set(PREFIX + entry.key(), value.toString(StandardCharsets.ISO_8859_1));
			}
		}
	}

	private static boolean isKey(String key) {
		try {
			Headers.requireKey(key);
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	// Without control characters, and without spaces that a client would remove (RFC
	// 9110, section 5.5)
	private static boolean isText(ByteString value) {
		int last = value.size() - 1;
		if (last >= 0 && (isSpace(value.byteAt(0)) || isSpace(value.byteAt(last)))) {
			return false;
		}
		for (int i = 0; i <= last; i++) {
			int c = value.byteAt(i) & 0xff;
			if ((c < ' ' && c != '\t') || c == 0x7f) {
				return false;
			}
		}
		return true;
	}

	private static boolean isSpace(byte c) {
		return c == ' ' || c == '\t';
	}

}
