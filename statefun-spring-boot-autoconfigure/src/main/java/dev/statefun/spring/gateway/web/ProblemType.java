package dev.statefun.spring.gateway.web;

import java.util.Locale;

/**
 * Problems that the gateway reports to HTTP clients (RFC 9457). Their types do not
 * change.
 *
 * @since 0.1.0
 */
public enum ProblemType {

	/** The request can't be read. */
	MALFORMED_REQUEST(400, "Malformed request"),

	/** A browser has sent the request for a page of another site. */
	CROSS_SITE(403, "Sent by a page of another site"),

	/** There is no such function or request, or no access to it. */
	NOT_FOUND(404, "Not found"),

	/** The method is not possible here. */
	METHOD_NOT_ALLOWED(405, "Method not allowed"),

	/** The idempotency key belongs to another message. */
	CONFLICT(409, "Idempotency key used with another message"),

	/** The request exceeds the limit of the gateway. */
	REQUEST_TOO_LARGE(413, "Request too large"),

	/** The function takes no messages of this type. */
	UNSUPPORTED_CONTENT_TYPE(415, "Unsupported content type"),

	/** The function has skipped or dead-lettered the message. */
	FAILED(422, "The function failed"),

	/** The function's reply exceeds the limit of the gateway. */
	REPLY_TOO_LARGE(422, "Reply too large"),

	/** Too many requests wait for a reply. */
	BUSY(429, "Too many requests wait"),

	/** The gateway refuses the request, because the two are not configured alike. */
	REFUSED(502, "Refused by the gateway"),

	/** The gateway can't be reached. */
	UNAVAILABLE(503, "Gateway unavailable"),

	/** There was no reply in time. */
	TIMED_OUT(504, "No reply in time"),

	/** The request came to the gateway too late and was not executed. */
	EXPIRED(504, "Not executed in time");

	private final int status;

	private final String title;

	ProblemType(int status, String title) {
		this.status = status;
		this.title = title;
	}

	/**
	 * Return the HTTP status.
	 * @return the status
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the title.
	 * @return a short text
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Return the URI that identifies the problem.
	 * @return the URI
	 */
	public String uri() {
		return "urn:statefun:gateway:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
