package dev.statefun.sdk;

/**
 * Names that came over the network, made fit for a log line.
 */
final class Printable {

	private static final int MAX_LENGTH = 200;

	private Printable() {
	}

	static String of(String name) {
		String text = (name.length() <= MAX_LENGTH) ? name
				: name.substring(0, MAX_LENGTH) + "… (" + name.length() + " characters)";
		return text.codePoints()
			.map((c) -> (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
					|| Character.getType(c) == Character.LINE_SEPARATOR
					|| Character.getType(c) == Character.PARAGRAPH_SEPARATOR) ? '?' : c)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

}
