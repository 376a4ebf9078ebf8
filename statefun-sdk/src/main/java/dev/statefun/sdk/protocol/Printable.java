package dev.statefun.sdk.protocol;

/**
 * Internal: may change in any release. Sanitizes text from the network for log lines.
 *
 * @since 0.1.0
 */
public final class Printable {

	private static final int MAX_LENGTH = 200;

	private Printable() {
	}

	/**
	 * Return a name in a form that can be logged.
	 * @param name any text
	 * @return its first 200 characters, on one line
	 */
	public static String of(String name) {
		return line((name.length() <= MAX_LENGTH) ? name
				: name.substring(0, MAX_LENGTH) + "… (" + name.length() + " characters)");
	}

	/**
	 * Return text as one line.
	 * @param text any text
	 * @return the text with {@code ?} for each line break, control character (C0 and C1)
	 * and format character
	 */
	public static String line(String text) {
		return text.codePoints().map((c) -> switch (Character.getType(c)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '?';
			default -> c;
		}).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
	}

}
