package dev.statefun.spring.gateway.function;

import java.util.Locale;

/**
 * What a gateway did with a request or a reply.
 *
 * @since 0.1.0
 */
public enum GatewayEvent {

	/** Sent a request's message to its target. */
	FORWARDED,

	/** Passed the target's reply to the clients that wait for it, or kept it. */
	REPLIED,

	/** Passed on that the target has skipped or dead-lettered the message. */
	FAILED,

	/** Found a request that had come before. */
	DUPLICATE,

	/** Found another message under the request's idempotency key. */
	CONFLICT,

	/** Found a request whose deadline had passed, and did not execute it. */
	EXPIRED,

	/** Found a type of function that it has no access to. */
	UNKNOWN_FUNCTION,

	/** Found a record that is not a valid request, and dropped it. */
	REFUSED,

	/** Found too many clients that wait for the same reply. */
	BUSY,

	/** Replaced a reply that is too large. */
	REPLY_TOO_LARGE,

	/** Dropped a reply that nothing waits for, or a second one. */
	UNEXPECTED_REPLY,

	/** Stopped to wait for a target that has not replied. */
	ABANDONED;

	/**
	 * Return the value of this event in the tag of a meter.
	 * @return the name in lower case, with hyphens
	 */
	public String tag() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
