package dev.statefun.sdk.listener;

/**
 * Ways in which a function sends messages.
 *
 * @since 0.1.0
 */
public enum MessageKind {

	/** A message to a function, without delay. */
	SEND,

	/** A message to the caller. */
	REPLY,

	/** A message to a function, with a delay. */
	SEND_AFTER,

	/** The cancellation of a delayed message. */
	CANCEL,

	/** A record for an egress. */
	EGRESS

}
