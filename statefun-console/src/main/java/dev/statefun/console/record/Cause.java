package dev.statefun.console.record;

import java.util.List;
import java.util.Locale;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * What a message was sent by.
 *
 * @param kind kind of the cause
 * @param messages ids of the messages whose handling, or failure, was the cause
 * @param address address of the function instance that sent it, if one did
 * @since 0.1.0
 */
public record Cause(Kind kind, List<Long> messages, @Nullable Address address) {

	/**
	 * Create a cause.
	 * @param kind kind of the cause
	 * @param messages ids of the messages
	 * @param address address of the sender
	 */
	public Cause {
		messages = List.copyOf(messages);
	}

	/**
	 * Return the message that the flow is drawn from.
	 * @return the id of the first message, or {@code null} if there is none
	 */
	public @Nullable Long parent() {
		return this.messages.isEmpty() ? null : this.messages.get(0);
	}

	/**
	 * Kinds of causes.
	 */
	public enum Kind {

		/** The handling of one message. */
		MESSAGE,

		/** The handling of one of several messages. */
		BATCH,

		/** From outside. */
		INGRESS,

		/** From the console, after a message had failed. */
		AGAIN,

		/** Before the recording began. */
		UNKNOWN;

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
