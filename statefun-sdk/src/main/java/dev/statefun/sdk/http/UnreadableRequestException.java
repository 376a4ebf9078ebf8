package dev.statefun.sdk.http;

import org.jspecify.annotations.Nullable;

/**
 * Internal: may change in any release. Thrown if an HTTP request has no message for a
 * function.
 */
public final class UnreadableRequestException extends Exception {

	private static final long serialVersionUID = 1L;

	private final Fault fault;

	private final String description;

	UnreadableRequestException(Fault fault, String description) {
		this(fault, description, null);
	}

	UnreadableRequestException(Fault fault, String description, @Nullable String reason) {
		super((reason != null) ? description + ": " + reason : description, null, false, false);
		this.fault = fault;
		this.description = description;
	}

	/**
	 * Return what is wrong with the request.
	 * @return the fault
	 */
	public Fault fault() {
		return this.fault;
	}

	/**
	 * Return the whole message.
	 * @return the text
	 */
	public String text() {
		return String.valueOf(getMessage());
	}

	/**
	 * Return the message without the text of another exception, which may be that of an
	 * application's own type.
	 * @return the description
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Faults of requests.
	 */
	public enum Fault {

		/** The path is not percent-encoded UTF-8. */
		PATH,

		/** The content type names no message type that the function takes. */
		CONTENT_TYPE,

		/** The body is no message of its type. */
		BODY,

		/** The library that reads JSON of protobuf messages is missing. */
		NO_LIBRARY

	}

}
