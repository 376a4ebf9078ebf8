package dev.statefun.console.http;

import java.util.Locale;

/**
 * Kinds of problems with requests to the console.
 *
 * @since 0.1.0
 */
public enum Problem {

	/** A parameter or the body has a wrong form. */
	INVALID_REQUEST(400, "Bad Request"),

	/** Another site, or a foreign host name, has made the request. */
	ORIGIN(403, "Forbidden"),

	/** The client's address is not allowed. */
	ADDRESS(403, "Forbidden"),

	/** A write without the token. */
	TOKEN(403, "Forbidden"),

	/** Writes are switched off. */
	READ_ONLY(403, "Forbidden"),

	/** The value is not shown. */
	MASKED(403, "Forbidden"),

	/** There is no such thing, or not any more. */
	NOT_FOUND(404, "Not Found"),

	/** The path does not have the method. */
	METHOD(405, "Method Not Allowed"),

	/** A state is not what the request says it was. */
	CHANGED(409, "Conflict"),

	/** A request of the function instance is in flight. */
	BUSY(409, "Conflict"),

	/** The clock can't be moved. */
	CLOCK(409, "Conflict"),

	/** The body is too large. */
	TOO_LARGE(413, "Content Too Large"),

	/** A value is not of the type of the state or message. */
	INVALID_VALUE(422, "Unprocessable Content"),

	/** Not available in this mode. */
	UNAVAILABLE(501, "Not Implemented"),

	/** The runtime refuses more messages, or has failed, or too many pages are open. */
	RUNTIME(503, "Service Unavailable");

	private final int status;

	private final String title;

	Problem(int status, String title) {
		this.status = status;
		this.title = title;
	}

	int status() {
		return this.status;
	}

	String title() {
		return this.title;
	}

	String code() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
