package dev.statefun.spring.gateway.web;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import com.google.protobuf.Any;
import dev.statefun.sdk.http.HttpMessages.MessageType;

/**
 * Forms of a message in HTTP.
 */
enum Representation {

	/** JSON. */
	JSON,

	/** Plain text. */
	TEXT,

	/** The message's own bytes. */
	BYTES;

	private static final Pattern UNWANTED = Pattern.compile(";\\s*q=0(\\.0*)?\\s*(;|$)");

	/**
	 * Return the form of the reply to a message: that of the message if it is JSON, else
	 * the one that the client accepts, else that of the message.
	 * @param type content type of the message
	 * @param message the message
	 * @param accept values of the header {@code Accept}
	 * @return the form
	 */
	static Representation ofReplyTo(MessageType type, Any message, List<String> accept) {
		if (type.isJsonOf(message)) {
			return JSON;
		}
		return accepted(accept, type.text() ? TEXT : BYTES);
	}

	/**
	 * Return the form that a client accepts.
	 * @param accept values of the header {@code Accept}
	 * @param otherwise the form if the header names none
	 * @return the form that is named first
	 */
	static Representation accepted(List<String> accept, Representation otherwise) {
		for (String range : String.join(",", accept).toLowerCase(Locale.ROOT).split(",")) {
			String type = range.split(";", 2)[0].strip();
			if (UNWANTED.matcher(range).find()) {
				continue;
			}
			if (type.equals("application/json") || type.endsWith("+json")) {
				return JSON;
			}
			if (type.equals("text/plain")) {
				return TEXT;
			}
			if (type.startsWith("application/vnd.") || type.equals("application/octet-stream")) {
				return BYTES;
			}
		}
		return otherwise;
	}

}
