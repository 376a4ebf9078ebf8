package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Configuration properties for the port that serves nothing but the endpoint.
 *
 * @param port Port that serves the endpoint and nothing else, 0 to 65535; 0 for any that
 * is free. When not set, the endpoint is served with the rest of the application.
 * @param address Address at which that port listens; when not set, 'server.address'.
 * @param ssl TLS of that port.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.server")
public record StatefunServerProperties(@Nullable Integer port, @Nullable InetAddress address, @DefaultValue Ssl ssl) {

	/**
	 * Create the properties.
	 * @param port port of the endpoint
	 * @param address address at which it listens
	 * @param ssl its TLS
	 */
	public StatefunServerProperties {
		Assert.isTrue(port == null || (port >= 0 && port <= 0xffff),
				() -> "'statefun.server.port' is " + port + "; expected 0 to 65535");
	}

	/**
	 * TLS of the port.
	 *
	 * @param bundle Name of the SSL bundle with the port's certificate; when not set, the
	 * port speaks plain HTTP.
	 * @param clientAuth Whether clients are asked for a certificate that the bundle's
	 * trust store knows; when not set, they need one if the bundle has a trust store.
	 */
	public record Ssl(@Nullable String bundle, @Nullable ClientAuth clientAuth) {

	}

	/**
	 * Whether clients are asked for a certificate.
	 */
	public enum ClientAuth {

		/**
		 * They are not asked.
		 */
		NONE,

		/**
		 * They are asked, and served without one too.
		 */
		WANT,

		/**
		 * They are asked, and refused without one.
		 */
		NEED

	}

}
