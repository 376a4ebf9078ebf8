package dev.statefun.spring.boot.autoconfigure.internal;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Internal: may change in any release. Determines who can reach the server of an
 * application, apart from the rules of Spring Security.
 *
 * @param environment properties of the application
 */
public record ServerExposure(Environment environment) {

	/**
	 * Return whether the application is served by the local runtime, as in development.
	 * @return whether it is
	 */
	public boolean isDevelopment() {
		return Boolean.TRUE.equals(property("statefun.local-runtime.enabled", Boolean.class));
	}

	/**
	 * Return whether the server requires certificates of clients.
	 * @return whether it does
	 */
	public boolean needsCertificate() {
		return "need".equalsIgnoreCase(property("server.ssl.client-auth", String.class));
	}

	/**
	 * Return whether the server only listens on the loopback address.
	 * @return whether it does
	 */
	public boolean isLocal() {
		InetAddress address = property("server.address", InetAddress.class);
		return address != null && address.isLoopbackAddress();
	}

	private <T> @Nullable T property(String name, Class<T> type) {
		return Binder.get(this.environment).bind(name, type).orElse(null);
	}

}
