package dev.statefun.sdk.listener;

/**
 * The ways in which a function sends messages.
 *
 * @since 0.1.0
 */
public enum MessageKind {

	/** To a function, at once. */
	SEND,

	/** To the caller. */
	REPLY,

	/** To a function, later. */
	SEND_AFTER,

	/** The cancellation of a message that was to come later. */
	CANCEL,

	/** To an egress. */
	EGRESS

}
