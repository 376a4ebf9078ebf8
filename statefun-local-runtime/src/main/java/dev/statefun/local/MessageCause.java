package dev.statefun.local;

import java.util.List;

/**
 * What a message was sent or cancelled by.
 *
 * @param kind kind of the cause
 * @param messages ids of the messages whose handling was the cause: none, one, or for
 * {@link Kind#BATCH} several of which one was
 * @since 0.1.0
 */
public record MessageCause(Kind kind, List<Long> messages) {

	private static final MessageCause OUTSIDE = new MessageCause(Kind.OUTSIDE, List.of());

	/**
	 * Create a cause.
	 * @param kind kind of the cause
	 * @param messages ids of the messages
	 */
	public MessageCause {
		messages = List.copyOf(messages);
	}

	static MessageCause outside() {
		return OUTSIDE;
	}

	static MessageCause message(long id) {
		return new MessageCause(Kind.MESSAGE, List.of(id));
	}

	static MessageCause batch(List<Long> messages) {
		return (messages.size() == 1) ? message(messages.get(0)) : new MessageCause(Kind.BATCH, messages);
	}

	/**
	 * Kinds of causes.
	 */
	public enum Kind {

		/** A caller of the runtime, such as an ingress, a test or a console. */
		OUTSIDE,

		/** The handling of one message. */
		MESSAGE,

		/**
		 * The handling of one of several messages of a request. Which one is unknown, as
		 * the function is served over HTTP.
		 */
		BATCH

	}

}
