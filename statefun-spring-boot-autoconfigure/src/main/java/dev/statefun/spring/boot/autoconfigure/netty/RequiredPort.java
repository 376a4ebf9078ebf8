package dev.statefun.spring.boot.autoconfigure.netty;

import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Stops the start-up of an application with two servers and no port for the second one:
 * which of them failed to start would depend on their order.
 */
final class RequiredPort {

	RequiredPort(StatefunServerProperties server) {
		if (server.port() == null) {
			throw new FailureAnalyzedException(
					"Netty is to serve the endpoint beside the server of the application, "
							+ "but 'statefun.server.port' is not set.",
					"Set 'statefun.server.port' to a port other than 'server.port'.");
		}
	}

}
