package dev.statefun.console.payload;

import java.util.Locale;

import dev.statefun.console.http.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A message, state or record as text.
 *
 * @param type name of its type
 * @param size number of its bytes
 * @param kind form of the text
 * @param text the text, all of it
 * @param masked whether something is not shown
 * @since 0.1.0
 */
public record Payload(String type, int size, Kind kind, String text, boolean masked) {

	/** Text of a masked value. */
	public static final String MASK = "***";

	private static final int SHOWN = 4 << 10;

	private static final int WHOLE = 1 << 20;

	/**
	 * Write the beginning of the text.
	 * @param ref reference under which the rest can be read, or {@code null} if it can't
	 * @return the JSON
	 */
	public JsonObject toJson(@Nullable String ref) {
		return toJson(ref, SHOWN);
	}

	/**
	 * Write the text, up to a megabyte.
	 * @param ref reference under which the bytes can be read, or {@code null} if they
	 * can't
	 * @return the JSON
	 */
	public JsonObject toWholeJson(@Nullable String ref) {
		return toJson(ref, WHOLE);
	}

	private JsonObject toJson(@Nullable String ref, int limit) {
		String shown = cut(this.text, limit);
		return new JsonObject().with("type", this.type)
			.with("size", this.size)
			.with("kind", this.kind.name().toLowerCase(Locale.ROOT))
			.with("text", shown)
			.with("truncated", shown.length() < this.text.length())
			.with("masked", this.masked)
			.with("ref", ref);
	}

	/**
	 * Cut a text, but no character.
	 * @param text the text
	 * @param limit number of characters to keep
	 * @return the beginning of the text
	 */
	public static String cut(String text, int limit) {
		if (text.length() <= limit) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
		return text.substring(0, end);
	}

	/**
	 * Forms of a text.
	 */
	public enum Kind {

		/** JSON, indented. */
		JSON,

		/** A plain text. */
		TEXT,

		/** Bytes in hexadecimal digits. */
		BINARY,

		/** Nothing. */
		EMPTY

	}

}
