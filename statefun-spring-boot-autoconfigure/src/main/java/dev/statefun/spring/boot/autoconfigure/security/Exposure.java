package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.spring.boot.autoconfigure.internal.ServerExposure;
import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.ClientAuth;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;

/**
 * Determines who can reach the endpoint, apart from the rules of Spring Security.
 */
final class Exposure {

	private final ServerExposure ofServer;

	private final StatefunServerProperties server;

	private final ObjectProvider<SslBundles> bundles;

	private final ObjectProvider<EndpointRestrictions> restrictions;

	Exposure(ServerExposure ofServer, StatefunServerProperties server, ObjectProvider<SslBundles> bundles,
			ObjectProvider<EndpointRestrictions> restrictions) {
		this.ofServer = ofServer;
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
		return this.ofServer.isDevelopment();
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
			return this.ofServer.needsCertificate();
		}
		SslBundles present = this.bundles.getIfAvailable();
		EndpointTls tls = (present != null) ? EndpointTls.of(this.server.ssl(), present) : null;
		return tls != null && tls.clientAuth() == ClientAuth.NEED;
	}

	private boolean isLocal() {
		InetAddress address = (this.server.port() != null) ? this.server.address() : null;
		return (address != null) ? address.isLoopbackAddress() : this.ofServer.isLocal();
	}

}
