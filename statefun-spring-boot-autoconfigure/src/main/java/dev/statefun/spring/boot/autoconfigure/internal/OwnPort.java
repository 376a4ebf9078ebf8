package dev.statefun.spring.boot.autoconfigure.internal;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Internal: may change in any release. The port that serves only the endpoint, on any
 * server.
 */
public final class OwnPort {

	private static final String SOURCE = "statefun.ports";

	private OwnPort() {
	}

	/**
	 * Publish the port as the property {@code local.statefun.port}.
	 * @param port the port
	 * @param context the application
	 */
	public static void publish(int port, ConfigurableApplicationContext context) {
		MutablePropertySources sources = context.getEnvironment().getPropertySources();
		sources.remove(SOURCE);
		sources.addFirst(new MapPropertySource(SOURCE, Map.of("local.statefun.port", port)));
	}

	/**
	 * Return the failure of a start-up whose port can't be opened. Has no cause: Boot
	 * would report a conflict on the application's other port.
	 * @param port the port
	 * @param reason the reason
	 * @return the failure, with an action
	 */
	public static FailureAnalyzedException unavailable(int port, @Nullable String reason) {
		return new FailureAnalyzedException(
				"Port " + port + " of 'statefun.server.port' can't be opened: " + reason + ".",
				"Stop the process that listens there, or set 'statefun.server.port' to another port "
						+ "and 'statefun.server.address' to an address of this machine.");
	}

}
