package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;

import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.ClientAuth;
import dev.statefun.spring.security.EndpointRestrictions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/**
 * Determines who can reach the endpoint, apart from the rules of Spring Security.
 */
final class Exposure {

	private final Environment environment;

	private final StatefunServerProperties server;

	private final ObjectProvider<SslBundles> bundles;

	private final ObjectProvider<EndpointRestrictions> restrictions;

	Exposure(Environment environment, StatefunServerProperties server, ObjectProvider<SslBundles> bundles,
			ObjectProvider<EndpointRestrictions> restrictions) {
		this.environment = environment;
		this.server = server;
		this.bundles = bundles;
		this.restrictions = restrictions;
	}

	/**
	 * Return whether the application is served by the local runtime, as in development.
	 * No cluster calls the endpoint then.
	 * @return whether only the local runtime calls functions
	 */
	boolean isDevelopment() {
		return Boolean.TRUE.equals(property("statefun.local-runtime.enabled", Boolean.class));
	}

	/**
	 * Return whether every client that can reach the port can run functions.
	 * @return whether there is no restriction
	 */
	boolean isOpen() {
		EndpointRestrictions own = this.restrictions.getIfAvailable();
		boolean restricted = own != null && (own.addresses() != null || own.secret() != null);
		return !restricted && !needsCertificate() && !isLocal();
	}

	private boolean needsCertificate() {
		if (this.server.port() == null) {
			return "need".equalsIgnoreCase(property("server.ssl.client-auth", String.class));
		}
		SslBundles present = this.bundles.getIfAvailable();
		EndpointTls tls = (present != null) ? EndpointTls.of(this.server.ssl(), present) : null;
		return tls != null && tls.clientAuth() == ClientAuth.NEED;
	}

	private boolean isLocal() {
		InetAddress address = (this.server.port() != null && this.server.address() != null) ? this.server.address()
				: property("server.address", InetAddress.class);
		return address != null && address.isLoopbackAddress();
	}

	private <T> @Nullable T property(String name, Class<T> type) {
		return Binder.get(this.environment).bind(name, type).orElse(null);
	}

}
