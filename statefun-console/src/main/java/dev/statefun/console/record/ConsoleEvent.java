package dev.statefun.console.record;

import java.util.Locale;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * Something has changed.
 *
 * @param kind kind of thing
 * @param id its id or number; 0 if there is only one
 * @param address the function instance, if it is one
 * @since 0.1.0
 */
public record ConsoleEvent(Kind kind, long id, @Nullable Address address) {

	/**
	 * Create an event about a thing with an id.
	 * @param kind kind of thing
	 * @param id its id or number
	 */
	public ConsoleEvent(Kind kind, long id) {
		this(kind, id, null);
	}

	/**
	 * Kinds of things that change.
	 */
	public enum Kind {

		/** A message. */
		MESSAGE,

		/** A failure. */
		FAILURE,

		/** A record of an egress. */
		EGRESS,

		/** A request. */
		REQUEST,

		/** The clock. */
		CLOCK,

		/** A timer. */
		TIMER,

		/** A state that was edited. */
		STATE;

		/**
		 * Return the name in the API.
		 * @return the name in lower case
		 */
		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
