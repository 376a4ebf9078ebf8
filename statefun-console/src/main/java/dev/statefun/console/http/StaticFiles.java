package dev.statefun.console.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.DigestUtils;

/**
 * Serves the pages of the console. They are not where Spring Boot would serve them, as
 * they must not be there where the console is off.
 */
final class StaticFiles {

	private static final String LOCATION = "/dev/statefun/console/web/";

	// No other characters, so no way out of the location
	private static final Pattern NAME = Pattern.compile("([a-z0-9_-]+/)*[a-z0-9_-]+(\\.[a-z0-9_-]+)*\\.[a-z0-9]+");

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "js",
			"text/javascript;charset=UTF-8", "css", "text/css;charset=UTF-8", "svg", "image/svg+xml;charset=UTF-8",
			"json", "application/json", "png", "image/png", "woff2", "font/woff2", "txt", "text/plain;charset=UTF-8");

	private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

	void serve(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
			throw new ConsoleException(Problem.METHOD, "Only GET is possible here");
		}
		StaticFile file = find(path.isEmpty() ? "index.html" : path);
		if (file == null) {
			throw new ConsoleException(Problem.NOT_FOUND, "The console has no such file");
		}
		response.setHeader("ETag", file.tag());
		// May change with each start; the tag saves the transfer
		response.setHeader("Cache-Control", "no-cache");
		if (file.tag().equals(request.getHeader("If-None-Match"))) {
			response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
			return;
		}
		response.setContentType(file.type());
		response.setContentLength(file.content().length());
		if (!request.getMethod().equals("HEAD")) {
			response.getOutputStream().write(file.content().bytes());
		}
	}

	private @Nullable StaticFile find(String path) throws IOException {
		StaticFile known = this.files.get(path);
		if (known != null) {
			return known;
		}
		String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
		if (type == null || !NAME.matcher(path).matches()) {
			return null;
		}
		try (InputStream in = StaticFiles.class.getResourceAsStream(LOCATION + path)) {
			if (in == null) {
				return null;
			}
			byte[] content = in.readAllBytes();
			StaticFile file = new StaticFile(type, new Content(content),
					"\"" + DigestUtils.md5DigestAsHex(content) + "\"");
			this.files.put(path, file);
			return file;
		}
	}

	/**
	 * A file.
	 *
	 * @param type its content type
	 * @param content its content
	 * @param tag tag that changes with the content
	 */
	private record StaticFile(String type, Content content, String tag) {

	}

	/**
	 * Content of a file.
	 */
	private static final class Content {

		private final byte[] bytes;

		Content(byte[] bytes) {
			this.bytes = bytes;
		}

		byte[] bytes() {
			return this.bytes;
		}

		int length() {
			return this.bytes.length;
		}

	}

}
