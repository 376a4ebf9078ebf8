package dev.statefun.spring.boot.autoconfigure.security;

import java.net.InetAddress;
import java.time.Duration;

import dev.statefun.spring.boot.autoconfigure.internal.PropertyRange;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the server of the endpoint, and for the port that serves
 * only the endpoint.
 *
 * @param engine Server of the endpoint: 'auto' for that of the application, or Netty if
 * it has no servlet container, or 'netty' for a server of its own in any case.
 * @param port Port that serves only the endpoint, 0 to 65535; 0 for any free port. When
 * not set, the endpoint is served with the rest of the application, or by Netty on
 * 'server.port' if it is the only server.
 * @param address Address on which that port listens; when not set, 'server.address'.
 * @param ssl TLS of that port.
 * @param execution Threads on which functions run, on Netty: 'adaptive' for the event
 * loop if a function has proved quick, otherwise other threads; 'virtual-threads', from
 * Java 21 on; 'pool'; or 'event-loop', for functions that never block.
 * @param poolSize Maximum number of threads on which functions run, on Netty, with 'pool'
 * or without virtual threads; 1 to 1000000.
 * @param netty Connections to Netty.
 * @param accessLog Access log of that port, by Netty.
 * @since 0.1.0
 */
@ConfigurationProperties("statefun.server")
public record StatefunServerProperties(@DefaultValue("auto") Engine engine, @Nullable Integer port,
		@Nullable InetAddress address, @DefaultValue Ssl ssl, @DefaultValue("adaptive") Execution execution,
		@DefaultValue("200") int poolSize, @DefaultValue Netty netty, @DefaultValue AccessLog accessLog) {

	private static final int DEFAULT_PORT = 8080;

	/**
	 * Create the properties.
	 * @param engine server of the endpoint
	 * @param port port of the endpoint
	 * @param address address on which it listens
	 * @param ssl its TLS
	 * @param execution threads on which functions run
	 * @param poolSize maximum number of these threads
	 * @param netty connections to Netty
	 * @param accessLog its access log
	 */
	public StatefunServerProperties {
		Assert.isTrue(port == null || (port >= 0 && port <= 0xffff),
				() -> "'statefun.server.port' is " + port + "; expected 0 to 65535");
		PropertyRange.COUNT.check("statefun.server.pool-size", poolSize);
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
		return new StatefunServerProperties(this.engine, applicationPort, this.address, this.ssl, this.execution,
				this.poolSize, this.netty, this.accessLog);
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

	/**
	 * Threads on which functions run, on Netty.
	 */
	public enum Execution {

		/**
		 * Event loop if a function has proved quick, otherwise virtual threads where Java
		 * has them, or a pool.
		 */
		ADAPTIVE,

		/**
		 * Virtual threads, from Java 21 on.
		 */
		VIRTUAL_THREADS,

		/**
		 * Bounded pool of threads.
		 */
		POOL,

		/**
		 * Event loop, for functions that never block: one that does stalls connections.
		 */
		EVENT_LOOP

	}

	/**
	 * Connections to Netty.
	 *
	 * @param maxConnections Maximum number of connections to Netty, 1 to 1000000; others
	 * wait until one is closed.
	 * @param maxHeadSize Maximum size of the first line of a request to Netty, and of all
	 * its headers; 1KB to 1MB.
	 * @param idleTimeout Maximum time from the beginning of a connection to Netty, or
	 * from an answer, to the complete headers of the next request, 1ms to 7d; then the
	 * connection is closed.
	 * @param writeTimeout Maximum time for which a client of Netty may not read the next
	 * part of an answer, 1ms to 7d; then the connection is closed.
	 * @param eventLoops Number of threads that handle the connections to Netty, 1 to
	 * 1024; when not set, one for each processor, but two at least.
	 */
	public record Netty(@DefaultValue("8192") int maxConnections, @DefaultValue("8KB") DataSize maxHeadSize,
			@DefaultValue("75s") Duration idleTimeout, @DefaultValue("60s") Duration writeTimeout,
			@Nullable Integer eventLoops) {

		private static final PropertyRange<DataSize> HEAD_SIZE = PropertyRange.ofSize("1KB", "1MB");

		private static final PropertyRange<Integer> EVENT_LOOPS = PropertyRange.of(1, 1024);

		/**
		 * Create the settings.
		 * @param maxConnections maximum number of connections
		 * @param maxHeadSize maximum size of the head of a request
		 * @param idleTimeout maximum time to the next request
		 * @param writeTimeout maximum time for which a client does not read
		 * @param eventLoops number of event loops
		 */
		public Netty {
			PropertyRange.COUNT.check("statefun.server.netty.max-connections", maxConnections);
			HEAD_SIZE.check("statefun.server.netty.max-head-size", maxHeadSize);
			PropertyRange.POSITIVE_TIME.check("statefun.server.netty.idle-timeout", idleTimeout);
			PropertyRange.POSITIVE_TIME.check("statefun.server.netty.write-timeout", writeTimeout);
			EVENT_LOOPS.check("statefun.server.netty.event-loops", eventLoops);
		}

	}

}
