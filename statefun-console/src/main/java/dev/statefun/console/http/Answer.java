package dev.statefun.console.http;

import java.io.IOException;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a request.
 *
 * @since 0.1.0
 */
public final class Answer {

	private final Writer writer;

	private Answer(Writer writer) {
		this.writer = writer;
	}

	/**
	 * Answer with JSON.
	 * @param object the JSON
	 * @return the answer
	 */
	public static Answer of(JsonObject object) {
		return of(200, "application/json", object.toBytes(), null);
	}

	/**
	 * Answer without a body.
	 * @return the answer
	 */
	public static Answer empty() {
		return new Answer((request) -> request.response().setStatus(HttpServletResponse.SC_NO_CONTENT));
	}

	/**
	 * Answer with bytes that a browser saves as a file.
	 * @param bytes the bytes
	 * @param filename name of the file
	 * @return the answer
	 */
	public static Answer file(byte[] bytes, String filename) {
		return of(200, "application/octet-stream", bytes, filename);
	}

	static Answer of(ConsoleException problem) {
		return of(problem.problem().status(), "application/problem+json", problem.toJson().toBytes(), null);
	}

	/**
	 * Answer in a way of its own, such as with a stream.
	 * @param writer writes the answer, possibly later
	 * @return the answer
	 */
	public static Answer by(StreamWriter writer) {
		return new Answer((request) -> writer.write(new EventStream(request.request(), request.response())));
	}

	private static Answer of(int status, String contentType, byte[] body, @Nullable String filename) {
		return new Answer((request) -> {
			HttpServletResponse response = request.response();
			response.setStatus(status);
			response.setContentType(contentType);
			if (filename != null) {
				response.setHeader("Content-Disposition", "attachment; filename=\"" + filename + "\"");
			}
			response.setContentLength(body.length);
			if (!request.request().getMethod().equals("HEAD")) {
				response.getOutputStream().write(body);
			}
		});
	}

	void write(ConsoleRequest request) throws IOException {
		this.writer.write(request);
	}

	private interface Writer {

		void write(ConsoleRequest request) throws IOException;

	}

	/**
	 * Writes an answer as a stream of events.
	 */
	@FunctionalInterface
	public interface StreamWriter {

		/**
		 * Begin to write. Returns before the stream ends.
		 * @param stream the stream
		 * @throws IOException if it can't be written to
		 */
		void write(EventStream stream) throws IOException;

	}

}
