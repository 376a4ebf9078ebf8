package dev.statefun.spring.boot.autoconfigure.netty;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Stops the start-up of an application that asks for a server it does not have.
 */
final class AbsentNettyServer {

	AbsentNettyServer() {
		throw new FailureAnalyzedException(
				"'statefun.server.engine' is 'netty', but that server is not on the class path.",
				"Add the dependency 'dev.statefun:statefun-netty', or remove 'statefun.server.engine'.");
	}

}
