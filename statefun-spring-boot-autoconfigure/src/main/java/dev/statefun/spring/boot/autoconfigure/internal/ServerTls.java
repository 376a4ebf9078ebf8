package dev.statefun.spring.boot.autoconfigure.internal;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Internal: may change in any release. TLS of the ports of an application, read from its
 * environment before a server runs.
 */
public final class ServerTls {

	private static final String SERVER = "server.ssl";

	private static final String MANAGEMENT = "management.server.ssl";

	private static final String ENDPOINT_BUNDLE = "statefun.server.ssl.bundle";

	private ServerTls() {
	}

	/**
	 * Return whether the port of the application uses TLS.
	 * @param environment environment of the application
	 * @return whether {@code server.ssl.*} is set and not disabled
	 */
	public static boolean ofApplication(Environment environment) {
		return isEnabled(environment, SERVER);
	}

	/**
	 * Return whether a port of the actuator uses TLS.
	 * @param environment environment of the application
	 * @return whether {@code management.server.ssl.*}, or else {@code server.ssl.*}, is
	 * set and not disabled
	 */
	public static boolean ofManagement(Environment environment) {
		return hasSettings(environment, MANAGEMENT) ? isEnabled(environment, MANAGEMENT) : ofApplication(environment);
	}

	/**
	 * Return whether a port of the endpoint alone uses TLS.
	 * @param environment environment of the application
	 * @return whether {@code statefun.server.ssl.bundle} is set
	 */
	public static boolean ofEndpoint(Environment environment) {
		return environment.containsProperty(ENDPOINT_BUNDLE);
	}

	private static boolean isEnabled(Environment environment, String prefix) {
		return hasSettings(environment, prefix) && environment.getProperty(prefix + ".enabled", Boolean.class, true);
	}

	private static boolean hasSettings(Environment environment, String prefix) {
		return Binder.get(environment).bind(prefix, Bindable.mapOf(String.class, Object.class)).isBound();
	}

}
