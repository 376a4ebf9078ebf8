package dev.statefun.endpoint.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Segment behind the endpoint's path that only clusters know. Neither the secret nor a
 * refused attempt is shown anywhere.
 *
 * @since 0.1.0
 */
public final class EndpointSecret {

	/** Shortest secret, in characters. */
	public static final int MIN_LENGTH = 16;

	private static final String MASK = "******";

	private final byte[] value;

	private final String text;

	private final String end;

	private EndpointSecret(String value) {
		this.value = value.getBytes(StandardCharsets.US_ASCII);
		this.text = value;
		this.end = "/" + value;
	}

	/**
	 * Return a secret.
	 * @param value at least 16 characters that need no encoding in a URL: ASCII letters
	 * and digits, {@code -}, {@code .}, {@code _} and {@code ~}
	 * @return the secret
	 * @throws IllegalArgumentException if {@code value} is too short, or has another
	 * character; its message does not show the value
	 */
	public static EndpointSecret of(String value) {
		if (!value.chars().allMatch(EndpointSecret::isUnreserved)) {
			throw new IllegalArgumentException("has a character that a URL does not hold as it is");
		}
		if (value.length() < MIN_LENGTH) {
			throw new IllegalArgumentException(
					"has " + value.length() + " characters; expected at least " + MIN_LENGTH);
		}
		return new EndpointSecret(value);
	}

	private static boolean isUnreserved(int character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || "-._~".indexOf(character) >= 0;
	}

	/**
	 * Return whether an attempt is the secret. The duration does not depend on how much
	 * of it is right.
	 * @param attempt value to compare
	 * @return whether it is the secret
	 */
	public boolean isKnownBy(String attempt) {
		return MessageDigest.isEqual(attempt.getBytes(StandardCharsets.UTF_8), this.value);
	}

	/**
	 * Return the secret itself, for code that masks it.
	 * @return the secret
	 */
	public String reveal() {
		return this.text;
	}

	/**
	 * Return the path that clusters call.
	 * @param path the endpoint's path
	 * @return the path with the secret as its last segment
	 */
	public String behind(String path) {
		return path + this.end;
	}

	/**
	 * Return text that may be shown.
	 * @param text any text
	 * @return the text with {@code ******} wherever it had the secret
	 */
	public String maskIn(String text) {
		return text.replace(this.text, MASK);
	}

	/**
	 * Return whether text shows the secret.
	 * @param text any text
	 * @return whether the secret occurs in it
	 */
	public boolean occursIn(String text) {
		return text.contains(this.text);
	}

	/**
	 * Return text without the secret at its end and the separator before it.
	 * @param text a path
	 * @return the path, cut if it ended with the secret
	 */
	public String cutFrom(String text) {
		return text.endsWith(this.end) ? text.substring(0, text.length() - this.end.length()) : text;
	}

	@Override
	public String toString() {
		return MASK;
	}

}
