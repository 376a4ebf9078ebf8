package dev.statefun.console.record;

import java.util.Locale;

/**
 * What has happened to a message so far.
 *
 * @since 0.1.0
 */
public enum Outcome {

	/** Not due yet. */
	DELAYED,

	/** In the mailbox. */
	WAITING,

	/** Its request is in flight. */
	RUNNING,

	/** Its request failed and is sent again. */
	RETRYING,

	/** Handled. */
	DONE,

	/** Failed and skipped. */
	SKIPPED,

	/** Failed, and a dead letter was sent. */
	DEAD_LETTER,

	/** Cancelled or replaced before it was handled. */
	CANCELLED;

	/**
	 * Return whether more will happen to the message.
	 * @return whether it is not at its end
	 */
	public boolean isOpen() {
		return ordinal() < DONE.ordinal();
	}

	/**
	 * Return the name in the API.
	 * @return the name in lower case, with hyphens
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
