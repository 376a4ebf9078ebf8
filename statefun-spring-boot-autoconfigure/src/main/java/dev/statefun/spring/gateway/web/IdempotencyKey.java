package dev.statefun.spring.gateway.web;

import java.util.List;

import dev.statefun.spring.gateway.GatewayRequest;

/**
 * Reads the header {@code Idempotency-Key}: the key itself, or the key as a string of a
 * structured field (RFC 8941), in quotes.
 */
final class IdempotencyKey {

	static final String HEADER = "Idempotency-Key";

	private IdempotencyKey() {
	}

	/**
	 * Return the key of a request.
	 * @param values values of the header
	 * @return the key; empty for none
	 * @throws ProblemException if there is no valid key in the header
	 */
	static String of(List<String> values) throws ProblemException {
		if (values.isEmpty()) {
			return "";
		}
		if (values.size() > 1) {
			throw malformed("occurs " + values.size() + " times");
		}
		String value = values.get(0).strip();
		String key = value.startsWith("\"") ? unquote(value) : value;
		if (key.isEmpty() || key.length() > GatewayRequest.MAX_KEY_LENGTH) {
			throw malformed("has " + key.length() + " characters");
		}
		if (!key.chars().allMatch((c) -> c >= ' ' && c <= '~')) {
			throw malformed("has a character that is not printable ASCII");
		}
		return key;
	}

	private static String unquote(String value) throws ProblemException {
		StringBuilder key = new StringBuilder(value.length());
		for (int i = 1; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c == '"' && i == value.length() - 1) {
				return key.toString();
			}
			if (c == '\\' && i + 1 < value.length() && "\"\\".indexOf(value.charAt(i + 1)) >= 0) {
				i++;
				c = value.charAt(i);
			}
			else if (c == '"' || c == '\\') {
				break;
			}
			key.append(c);
		}
		throw malformed("begins with a quotation mark, but is no quoted string");
	}

	private static ProblemException malformed(String found) {
		return new ProblemException(ProblemType.MALFORMED_REQUEST, "The header '" + HEADER + "' " + found
				+ "; send it once, with 1 to " + GatewayRequest.MAX_KEY_LENGTH + " printable ASCII characters");
	}

}
