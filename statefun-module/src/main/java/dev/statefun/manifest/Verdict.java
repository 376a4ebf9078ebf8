package dev.statefun.manifest;

/**
 * Whether one release reads the values that another one has written, in the worst case
 * over all values that it can write.
 *
 * @since 0.1.0
 */
public enum Verdict {

	/** It reads everything. */
	READABLE("readable"),

	/** It reads everything, but some values differently, or not at all. */
	READABLE_WITH_LOSS("readable with loss"),

	/** Reading some values fails. */
	UNREADABLE("unreadable");

	private final String text;

	Verdict(String text) {
		this.text = text;
	}

	/**
	 * Return the verdict in words.
	 * @return the words
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
