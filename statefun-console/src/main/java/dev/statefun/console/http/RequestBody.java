package dev.statefun.console.http;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Body of a request: a JSON object.
 *
 * @since 0.1.0
 */
public final class RequestBody {

	private final JsonNode node;

	RequestBody(JsonNode node) {
		this.node = node;
	}

	/**
	 * Return a text.
	 * @param name name of the field
	 * @return the text
	 */
	public String text(String name) {
		String text = optionalText(name);
		if (text == null) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "The field '" + name + "' is missing");
		}
		return text;
	}

	/**
	 * Return a text that may be absent.
	 * @param name name of the field
	 * @return the text, or {@code null} if it is absent or null
	 */
	public @Nullable String optionalText(String name) {
		JsonNode value = this.node.path(name);
		if (value.isMissingNode() || value.isNull()) {
			return null;
		}
		if (!value.isString()) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "The field '" + name + "' is no text");
		}
		return value.stringValue();
	}

	/**
	 * Return whether a field is present.
	 * @param name name of the field
	 * @return whether it is, even if it is null
	 */
	public boolean has(String name) {
		return this.node.has(name);
	}

	/**
	 * Return a boolean.
	 * @param name name of the field
	 * @return its value; false if it is absent
	 */
	public boolean isTrue(String name) {
		JsonNode value = this.node.path(name);
		return value.isBoolean() && value.booleanValue();
	}

	/**
	 * Return objects of an array.
	 * @param name name of the field
	 * @return the objects, none if the field is absent or null
	 */
	public List<RequestBody> objects(String name) {
		JsonNode array = this.node.path(name);
		if (array.isMissingNode() || array.isNull()) {
			return List.of();
		}
		List<RequestBody> objects = new ArrayList<>();
		for (JsonNode element : array) {
			if (!array.isArray() || !element.isObject()) {
				throw new ConsoleException(Problem.INVALID_REQUEST, "The field '" + name + "' is no array of objects");
			}
			objects.add(new RequestBody(element));
		}
		return objects;
	}

}
