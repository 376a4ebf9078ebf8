package dev.statefun.spring.boot.autoconfigure.web;

/**
 * Thrown if the path of the endpoint is mapped to another handler or servlet as well.
 */
final class MappedPathException extends RuntimeException {

	private final String path;

	private final String handler;

	private final String action;

	private MappedPathException(String path, String handler, String action) {
		super("Path '" + path + "' is mapped to the endpoint for StateFun clusters and to " + handler);
		this.path = path;
		this.handler = handler;
		this.action = action;
	}

	static MappedPathException ofHandler(String path, String handler) {
		return new MappedPathException(path, handler,
				"Set 'statefun.path' to a free path, or map the other handler elsewhere.");
	}

	static MappedPathException ofServlet(String path, ServletMatch match) {
		String servlet = "servlet '" + match.servlet().getName() + "'";
		if (match.isExact()) {
			return ofHandler(path, servlet);
		}
		return new MappedPathException(path,
				servlet + ", whose mapping '" + match.mapping() + "' a server prefers to that of Spring MVC,",
				"Map the servlet elsewhere, or give Spring MVC a path that no other servlet has, "
						+ "with 'spring.mvc.servlet.path'.");
	}

	String path() {
		return this.path;
	}

	String handler() {
		return this.handler;
	}

	String action() {
		return this.action;
	}

}
