package dev.statefun.spring.gateway.web;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.Any;
import dev.statefun.sdk.http.HttpMessages;
import dev.statefun.sdk.http.Utf8Text;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/**
 * Converts replies of functions into bodies. Thread-safe.
 */
final class ReplyBodies {

	private static final JsonMapper JSON = new JsonMapper();

	private final HttpMessages messages;

	ReplyBodies(HttpMessages messages) {
		this.messages = messages;
	}

	/**
	 * Return a reply in a form, or as its own bytes if it has no such form.
	 * @param reply the reply
	 * @param form the form
	 * @return the answer
	 */
	HttpAnswer answer(Any reply, Representation form) {
		String contentType = contentType(reply.getTypeUrl());
		if (form == Representation.JSON) {
			String json = json(reply);
			if (json != null) {
				return new HttpAnswer(200, contentType + HttpMessages.JSON, json.getBytes(StandardCharsets.UTF_8));
			}
		}
		if (form == Representation.TEXT) {
			String text = this.messages.text(reply);
			if (text != null) {
				return new HttpAnswer(200, "text/plain;charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
			}
		}
		return new HttpAnswer(200, contentType, reply.getValue().toByteArray());
	}

	private static String contentType(String typename) {
		boolean text = !typename.isEmpty() && typename.chars().noneMatch((c) -> c < ' ' || c == 0x7f);
		return text ? HttpMessages.PREFIX + typename : "application/octet-stream";
	}

	// The type of a reply may be unknown here, where this instance has not sent any of it
	// yet: its bytes tell whether it is JSON
	private @Nullable String json(Any reply) {
		String json = this.messages.json(reply);
		return (json != null) ? json : asJson(reply.getValue().toByteArray());
	}

	private static @Nullable String asJson(byte[] bytes) {
		try {
			String text = Utf8Text.decode(bytes);
			return isOneValue(text) ? text : null;
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static boolean isOneValue(String text) {
		try (JsonParser parser = JSON.createParser(text)) {
			if (parser.nextToken() == null) {
				return false;
			}
			parser.skipChildren();
			return parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

}
