package dev.statefun.spring.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.springframework.util.Assert;

/**
 * The segment behind the endpoint's path that only clusters know. It is shown nowhere,
 * and neither is one that was refused.
 *
 * @since 0.1.0
 */
public final class EndpointSecret {

	/** Shortest secret, in characters. */
	public static final int MIN_LENGTH = 16;

	private final byte[] value;

	private final String end;

	private EndpointSecret(String value) {
		this.value = value.getBytes(StandardCharsets.US_ASCII);
		this.end = "/" + value;
	}

	/**
	 * Return a secret.
	 * @param value at least 16 of the characters that a URL holds as they are: letters
	 * and digits of ASCII, {@code -}, {@code .}, {@code _} and {@code ~}
	 * @return the secret
	 * @throws IllegalArgumentException if {@code value} is too short, or has another
	 * character; its message does not show the value
	 */
	public static EndpointSecret of(String value) {
		Assert.isTrue(value.chars().allMatch(EndpointSecret::isUnreserved),
				"has a character that a URL does not hold as it is");
		Assert.isTrue(value.length() >= MIN_LENGTH,
				() -> "has " + value.length() + " characters; expected at least " + MIN_LENGTH);
		return new EndpointSecret(value);
	}

	private static boolean isUnreserved(int character) {
		return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
				|| (character >= '0' && character <= '9') || "-._~".indexOf(character) >= 0;
	}

	/**
	 * Return whether somebody knows the secret. How long that takes does not tell how
	 * much of it is right.
	 * @param attempt what they say
	 * @return whether it is the secret
	 */
	public boolean isKnownBy(String attempt) {
		return MessageDigest.isEqual(attempt.getBytes(StandardCharsets.UTF_8), this.value);
	}

	/**
	 * Return text without the secret at its end and the separator before it.
	 * @param text a path
	 * @return the path, cut if it ended with the secret
	 */
	String cutFrom(String text) {
		return text.endsWith(this.end) ? text.substring(0, text.length() - this.end.length()) : text;
	}

	@Override
	public String toString() {
		return "******";
	}

}
