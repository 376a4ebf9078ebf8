package dev.statefun.spring.boot.autoconfigure;

/**
 * The path of the endpoint is mapped to somebody else as well.
 */
final class MappedPathException extends RuntimeException {

	private final String path;

	private final String handler;

	MappedPathException(String path, String handler) {
		super("Path '" + path + "' is mapped to the endpoint for StateFun clusters and to " + handler);
		this.path = path;
		this.handler = handler;
	}

	String path() {
		return this.path;
	}

	String handler() {
		return this.handler;
	}

}
