package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;

/**
 * Configuration properties for the port that serves only the endpoint.
 *
 * @param engine Server of the endpoint: 'auto' for that of the application, or Netty if
 * it has no servlet container, or 'netty' for a server of its own in any case.
 * @param port Port that serves only the endpoint, 0 to 65535; 0 for any free port. When
 * not set, the endpoint is served with the rest of the application, or by Netty on
 * 'server.port' if it is the only server.
 * @param address Address on which that port listens; when not set, 'server.address'.
 * @param ssl TLS of that port.
 * @param accessLog Access log of that port, by Netty.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.server")
public record StatefunServerProperties(@DefaultValue("auto") Engine engine, @Nullable Integer port,
		@Nullable InetAddress address, @DefaultValue Ssl ssl, @DefaultValue AccessLog accessLog) {

	private static final int DEFAULT_PORT = 8080;

	/**
	 * Create the properties.
	 * @param engine server of the endpoint
	 * @param port port of the endpoint
	 * @param address address on which it listens
	 * @param ssl its TLS
	 * @param accessLog its access log
	 */
	public StatefunServerProperties {
		Assert.isTrue(port == null || (port >= 0 && port <= 0xffff),
				() -> "'statefun.server.port' is " + port + "; expected 0 to 65535");
	}

	/**
	 * Return the settings of a server that serves only the endpoint.
	 * @param environment has {@code server.port}
	 * @return these settings; if no port is set, with that of the application, or 8080
	 */
	public StatefunServerProperties forOwnServer(Environment environment) {
		if (this.port != null) {
			return this;
		}
		int applicationPort = Binder.get(environment).bind("server.port", Integer.class).orElse(DEFAULT_PORT);
		if (applicationPort < 0) {
			throw new FailureAnalyzedException("'server.port' is " + applicationPort
					+ ", and 'statefun.server.port' is not set, " + "so that Netty has no port for the endpoint.",
					"Set 'statefun.server.port'.");
		}
		return new StatefunServerProperties(this.engine, applicationPort, this.address, this.ssl, this.accessLog);
	}

	/**
	 * Server of the endpoint.
	 */
	public enum Engine {

		/**
		 * Server of the application; Netty, if it is on the class path, in an application
		 * without a servlet container.
		 */
		AUTO,

		/**
		 * Netty server of the endpoint's own, beside that of the application if it has
		 * one.
		 */
		NETTY

	}

	/**
	 * TLS of the port.
	 *
	 * @param bundle Name of the SSL bundle with the port's certificate; when not set, the
	 * port uses plain HTTP.
	 * @param clientAuth Client authentication by certificates that the bundle's trust
	 * store knows; when not set, it is required if the bundle has a trust store.
	 */
	public record Ssl(@Nullable String bundle, @Nullable ClientAuth clientAuth) {

	}

	/**
	 * Access log of the port.
	 *
	 * @param enabled Whether Netty logs each answered request; a servlet container has an
	 * access log of its own.
	 */
	public record AccessLog(@DefaultValue("false") boolean enabled) {

	}

	/**
	 * Client authentication mode.
	 */
	public enum ClientAuth {

		/**
		 * Clients are not asked for a certificate.
		 */
		NONE,

		/**
		 * Clients are asked for a certificate, and served without one too.
		 */
		WANT,

		/**
		 * Clients are asked for a certificate, and refused without one.
		 */
		NEED

	}

}
