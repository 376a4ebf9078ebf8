package dev.statefun.flinktests.program;

import dev.statefun.sdk.message.MessageType;

/**
 * A state that is kept as JSON.
 *
 * @param title a text
 * @param length that of the text
 */
@MessageType("program/Note")
record Note(String title, int length) {

	static Note of(String title) {
		return new Note(title, title.length());
	}

}
