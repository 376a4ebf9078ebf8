package dev.statefun.spring.boot.autoconfigure.internal;

/**
 * Internal: may change in any release. Connections to a server that serves only the
 * endpoint.
 */
@FunctionalInterface
public interface ServerConnections {

	/**
	 * Return the number of open connections.
	 * @return their number; 0 if the server does not run
	 */
	int open();

}
