package dev.statefun.spring.gateway.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Response to an HTTP request. Not thread-safe.
 */
final class HttpAnswer {

	private static final JsonMapper JSON = new JsonMapper();

	private static final String RETRY_AFTER = "Retry-After";

	private final int status;

	private final @Nullable String contentType;

	private final byte[] body;

	private final Map<String, String> headers = new LinkedHashMap<>();

	HttpAnswer(int status) {
		this(status, null, new byte[0]);
	}

	HttpAnswer(int status, @Nullable String contentType, byte[] body) {
		this.status = status;
		this.contentType = contentType;
		this.body = body;
		header("Cache-Control", "no-store");
		header("X-Content-Type-Options", "nosniff");
	}

	static HttpAnswer of(ProblemException problem) {
		return problem(problem.type(), problem.detail(),
				problem.accepts().isEmpty() ? Map.of() : Map.of("accepts", problem.accepts()));
	}

	/**
	 * Create an answer with a problem.
	 * @param type its type
	 * @param detail what was found and what is expected, without texts of applications
	 * @param members further members of the problem
	 * @return the answer
	 */
	static HttpAnswer problem(ProblemType type, String detail, Map<String, ?> members) {
		Map<String, Object> problem = new LinkedHashMap<>();
		problem.put("type", type.uri());
		problem.put("title", type.title());
		problem.put("status", type.status());
		problem.put("detail", detail);
		problem.putAll(members);
		HttpAnswer answer = new HttpAnswer(type.status(), "application/problem+json", JSON.writeValueAsBytes(problem));
		return switch (type) {
			case BUSY -> answer.header(RETRY_AFTER, "1");
			case UNAVAILABLE -> answer.header(RETRY_AFTER, "5");
			default -> answer;
		};
	}

	HttpAnswer header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
		response.setStatus(this.status);
		this.headers.forEach(response::setHeader);
		if (this.contentType != null) {
			// The names of message types are UTF-8, which HTTP treats as bytes
			response.setHeader("Content-Type",
					new String(this.contentType.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
		}
		if (this.status != HttpServletResponse.SC_NO_CONTENT) {
			response.setContentLength(this.body.length);
		}
		if (!"HEAD".equals(request.getMethod())) {
			response.getOutputStream().write(this.body);
		}
	}

}
