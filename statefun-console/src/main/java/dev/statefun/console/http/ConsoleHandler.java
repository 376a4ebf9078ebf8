package dev.statefun.console.http;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.server.RequestPath;
import org.springframework.web.HttpRequestHandler;

/**
 * Serves the pages of the console and its API. It is a handler with a mapping of its own,
 * so that converters, interceptors, exception handlers and CORS settings of the
 * application have no effect on it.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ConsoleHandler implements HttpRequestHandler {

	private static final String API = "/api/";

	private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	private final String path;

	private final RequestGuard guard;

	private final Routes routes = new Routes();

	private final StaticFiles files = new StaticFiles();

	/**
	 * Create the console.
	 * @param path its path within the context, without a slash at the end
	 * @param guard checks requests
	 * @param views parts of the API
	 */
	public ConsoleHandler(String path, RequestGuard guard, List<ConsoleView> views) {
		this.path = path;
		this.guard = guard;
		views.forEach((view) -> view.addTo(this.routes));
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		secure(response);
		ConsoleRequest plain = new ConsoleRequest(request, response, Map.of());
		try {
			serve(request, response);
		}
		catch (ConsoleException ex) {
			if (ex.problem() == Problem.METHOD) {
				response.setHeader("Allow", "GET, HEAD, POST, PUT, DELETE");
			}
			Answer.of(ex).write(plain);
		}
	}

	private static void secure(HttpServletResponse response) {
		response.setHeader("Content-Security-Policy", POLICY);
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("X-Frame-Options", "DENY");
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
		response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
		response.setHeader("Cache-Control", "no-store");
	}

	private void serve(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
		this.guard.checkClient(request);
		String within = RequestPath.parse(request.getRequestURI(), request.getContextPath())
			.pathWithinApplication()
			.value();
		String rest = within.startsWith(this.path) ? within.substring(this.path.length()) : "/";
		if (rest.isEmpty()) {
			// Relative links of the pages need the slash
			response.setStatus(HttpServletResponse.SC_FOUND);
			response.setHeader("Location", request.getContextPath() + this.path + "/");
			return;
		}
		if (!rest.startsWith(API)) {
			this.guard.checkOrigin(request, true);
			this.files.serve(rest.substring(1), request, response);
			return;
		}
		this.guard.checkOrigin(request, false);
		Routes.Match match = this.routes.find(request.getMethod(), segments(rest.substring(API.length())));
		if (match.route().write()) {
			this.guard.checkWrite(request);
		}
		ConsoleRequest call = new ConsoleRequest(request, response, match.variables());
		answer(match, call).write(call);
	}

	private static Answer answer(Routes.Match match, ConsoleRequest request) throws ServletException, IOException {
		try {
			return match.route().handler().answer(request);
		}
		catch (RuntimeException | IOException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new ServletException("A request to the console failed", ex);
		}
	}

	private static List<String> segments(String path) {
		try {
			return Arrays.stream(path.split("/", -1)).map(ConsoleHandler::decoded).toList();
		}
		catch (IllegalArgumentException ex) {
			throw new ConsoleException(Problem.INVALID_REQUEST, "The path is not percent-encoded UTF-8");
		}
	}

	// In a path, a plus is itself
	private static String decoded(String segment) {
		return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
	}

}
