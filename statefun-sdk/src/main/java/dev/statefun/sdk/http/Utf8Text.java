package dev.statefun.sdk.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Internal: may change in any release. Decodes text strictly: invalid UTF-8 is rejected,
 * not replaced.
 */
public final class Utf8Text {

	private Utf8Text() {
	}

	/**
	 * Decode a text.
	 * @param bytes the bytes
	 * @return the text
	 * @throws CharacterCodingException if they are not UTF-8
	 */
	public static String decode(byte[] bytes) throws CharacterCodingException {
		return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
	}

}
