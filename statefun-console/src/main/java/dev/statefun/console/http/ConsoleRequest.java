package dev.statefun.console.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request to the console's API, with its parameters checked.
 *
 * @since 0.1.0
 */
public final class ConsoleRequest {

	private static final int DEFAULT_LIMIT = 100;

	private static final int MAX_LIMIT = 500;

	private static final int MAX_BODY = 4 << 20;

	private final HttpServletRequest request;

	private final HttpServletResponse response;

	private final Map<String, String> variables;

	ConsoleRequest(HttpServletRequest request, HttpServletResponse response, Map<String, String> variables) {
		this.request = request;
		this.response = response;
		this.variables = variables;
	}

	/**
	 * Return a variable of the path.
	 * @param name its name
	 * @return its value, decoded
	 */
	public String variable(String name) {
		String value = this.variables.get(name);
		if (value == null) {
			throw new IllegalArgumentException("The path has no variable '" + name + "'");
		}
		return value;
	}

	/**
	 * Return a variable of the path that is an id.
	 * @param name its name
	 * @return the id
	 */
	public long id(String name) {
		try {
			return Long.parseLong(variable(name));
		}
		catch (NumberFormatException ex) {
			throw new ConsoleException(Problem.NOT_FOUND, "'" + variable(name) + "' is no id; expected a number");
		}
	}

	/**
	 * Return a parameter.
	 * @param name its name
	 * @return its value, or {@code null} if it is absent or empty
	 */
	public @Nullable String parameter(String name) {
		String value = this.request.getParameter(name);
		return (value != null && !value.isEmpty()) ? value : null;
	}

	/**
	 * Return whether a parameter is present, with or without a value.
	 * @param name its name
	 * @return whether it is
	 */
	public boolean hasParameter(String name) {
		return this.request.getParameterMap().containsKey(name);
	}

	/**
	 * Return the values of a parameter that is a list separated by commas.
	 * @param name its name
	 * @return the values in lower case, or an empty list
	 */
	public List<String> parameters(String name) {
		String value = parameter(name);
		return (value != null) ? Arrays.stream(value.toLowerCase(Locale.ROOT).split(",")).map(String::strip).toList()
				: List.of();
	}

	/**
	 * Return a parameter that is required.
	 * @param name its name
	 * @return its value
	 */
	public String required(String name) {
		String value = this.request.getParameter(name);
		if (value == null) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "The parameter '" + name + "' is missing");
		}
		return value;
	}

	/**
	 * Return the number of entries of a page.
	 * @return the number, 1 to 500
	 */
	public int limit() {
		Long limit = number("limit");
		if (limit == null) {
			return DEFAULT_LIMIT;
		}
		if (limit < 1 || limit > MAX_LIMIT) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "'limit' is " + limit + "; expected 1 to " + MAX_LIMIT);
		}
		return limit.intValue();
	}

	/**
	 * Return where a page begins.
	 * @return the value of {@code next} of the page before, or the largest number
	 */
	public long before() {
		Long before = number("before");
		return (before != null) ? before : Long.MAX_VALUE;
	}

	private @Nullable Long number(String name) {
		String value = parameter(name);
		try {
			return (value != null) ? Long.valueOf(value) : null;
		}
		catch (NumberFormatException ex) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "'" + name + "' is not a number");
		}
	}

	/**
	 * Return a parameter that is the type of a function.
	 * @param name its name
	 * @return the type, or {@code null} if the parameter is absent
	 */
	public @Nullable FunctionType function(String name) {
		String value = parameter(name);
		return (value != null) ? functionType(value) : null;
	}

	/**
	 * Parse the type of a function.
	 * @param value the text
	 * @return the type
	 */
	public static FunctionType functionType(String value) {
		try {
			return FunctionType.parse(value);
		}
		catch (IllegalArgumentException ex) {
			throw new ConsoleException(Problem.INVALID_REQUEST,
					"'" + value + "' is no type of a function; expected <namespace>/<name>");
		}
	}

	/**
	 * Return the address in the parameters {@code type} and {@code id}.
	 * @return the address
	 */
	public Address address() {
		return Address.of(functionType(required("type")), required("id"));
	}

	/**
	 * Return a header.
	 * @param name its name
	 * @return its value, or {@code null} if there is none
	 */
	public @Nullable String header(String name) {
		return this.request.getHeader(name);
	}

	/**
	 * Read the body.
	 * @return the JSON object
	 * @throws IOException if it can't be read
	 */
	public RequestBody body() throws IOException {
		byte[] bytes = this.request.getInputStream().readNBytes(MAX_BODY + 1);
		if (bytes.length > MAX_BODY) {
			throw new ConsoleException(Problem.TOO_LARGE, "The body is larger than " + MAX_BODY + " bytes");
		}
		String type = this.request.getContentType();
		if (bytes.length > 0 && (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json"))) {
			throw new ConsoleException(Problem.INVALID_REQUEST,
					"The content type is '" + type + "'; expected application/json");
		}
		try {
			JsonNode node = (bytes.length > 0) ? JsonObject.mapper().readTree(bytes)
					: JsonObject.mapper().createObjectNode();
			if (node.isObject()) {
				return new RequestBody(node);
			}
		}
		catch (JacksonException ex) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "The body is not JSON: " + ex.getOriginalMessage());
		}
		throw new ConsoleException(Problem.INVALID_REQUEST, "The body is not a JSON object");
	}

	/**
	 * Return the URL of the console as the client sees it.
	 * @param base path of the console within the context
	 * @return the URL, without a slash at its end
	 */
	public String url(String base) {
		int port = this.request.getServerPort();
		String scheme = this.request.getScheme();
		boolean usual = port == ("https".equals(scheme) ? 443 : 80);
		return scheme + "://" + this.request.getServerName() + (usual ? "" : ":" + port) + this.request.getContextPath()
				+ base;
	}

	HttpServletRequest request() {
		return this.request;
	}

	HttpServletResponse response() {
		return this.response;
	}

}
