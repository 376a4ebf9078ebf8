package dev.statefun.console.record;

import org.jspecify.annotations.Nullable;

/**
 * A recorded message at one moment. Immutable: a change makes another one.
 *
 * @param origin the message as it was accepted
 * @param seq number of its last change
 * @param outcome what has happened to it
 * @param handling how it was handled, if it was
 * @since 0.1.0
 */
public record MessageRecord(Origin origin, long seq, Outcome outcome, @Nullable Handling handling) {

	/**
	 * Return the id of the message.
	 * @return the id
	 */
	public long id() {
		return this.origin.id();
	}

	int size() {
		return this.origin.size() + ((this.handling != null) ? this.handling.size() : 0);
	}

}
