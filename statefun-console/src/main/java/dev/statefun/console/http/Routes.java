package dev.statefun.console.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Paths of the console's API. Not thread-safe while paths are added.
 *
 * @since 0.1.0
 */
public final class Routes {

	private final List<Route> routes = new ArrayList<>();

	Routes() {
	}

	/**
	 * Add a path that is read.
	 * @param path path within the API; a segment may be a variable, as {@code {id}}
	 * @param handler answers requests
	 */
	public void get(String path, RouteHandler handler) {
		add("GET", path, false, handler);
	}

	/**
	 * Add a path that changes something.
	 * @param path path within the API
	 * @param handler answers requests
	 */
	public void post(String path, RouteHandler handler) {
		add("POST", path, true, handler);
	}

	/**
	 * Add a path that changes nothing, although it takes a body.
	 * @param path path within the API
	 * @param handler answers requests
	 */
	public void query(String path, RouteHandler handler) {
		add("POST", path, false, handler);
	}

	/**
	 * Add a path that replaces something.
	 * @param path path within the API
	 * @param handler answers requests
	 */
	public void put(String path, RouteHandler handler) {
		add("PUT", path, true, handler);
	}

	/**
	 * Add a path that removes something.
	 * @param path path within the API
	 * @param handler answers requests
	 */
	public void delete(String path, RouteHandler handler) {
		add("DELETE", path, true, handler);
	}

	private void add(String method, String path, boolean write, RouteHandler handler) {
		this.routes.add(new Route(method, List.of(path.split("/")), write, handler));
	}

	Match find(String method, List<String> segments) {
		String wanted = method.equals("HEAD") ? "GET" : method;
		TreeSet<String> methods = new TreeSet<>();
		for (Route route : this.routes) {
			Map<String, String> variables = route.match(segments);
			if (variables != null) {
				if (route.method().equals(wanted)) {
					return new Match(route, variables);
				}
				methods.add(route.method());
			}
		}
		if (methods.isEmpty()) {
			throw new ConsoleException(Problem.NOT_FOUND, "There is no such path in the API of the console");
		}
		throw new ConsoleException(Problem.METHOD, "Only these methods are possible here: " + methods);
	}

	/**
	 * Answers requests. Thread-safe.
	 */
	@FunctionalInterface
	public interface RouteHandler {

		/**
		 * Answer a request.
		 * @param request the request
		 * @return the answer
		 * @throws Exception if it can't be answered
		 */
		Answer answer(ConsoleRequest request) throws Exception;

	}

	/**
	 * A route that matches.
	 *
	 * @param route the route
	 * @param variables variables of the path
	 */
	record Match(Route route, Map<String, String> variables) {

	}

	/**
	 * A path with its method.
	 *
	 * @param method method of HTTP
	 * @param pattern segments of the path
	 * @param write whether it changes something
	 * @param handler answers requests
	 */
	record Route(String method, List<String> pattern, boolean write, RouteHandler handler) {

		@Nullable Map<String, String> match(List<String> segments) {
			if (segments.size() != this.pattern.size()) {
				return null;
			}
			Map<String, String> variables = new HashMap<>();
			for (int i = 0; i < segments.size(); i++) {
				String part = this.pattern.get(i);
				if (part.startsWith("{")) {
					variables.put(part.substring(1, part.length() - 1), segments.get(i));
				}
				else if (!part.equals(segments.get(i))) {
					return null;
				}
			}
			return variables;
		}

	}

}
