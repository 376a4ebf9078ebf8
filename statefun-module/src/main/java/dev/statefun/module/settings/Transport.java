package dev.statefun.module.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Transport that a cluster calls the endpoint with. Unset values are written out with the
 * cluster's own defaults, except that {@code call} and {@code read} are long enough for a
 * batch.
 *
 * @param type client that 3.x clusters call functions with; 2.x clusters always use
 * OkHttp
 * @param call maximum time that a cluster tries to have a batch handled
 * @param connect maximum time to connect
 * @param read maximum time that OkHttp waits for an answer
 * @param write maximum time that OkHttp takes to send a request
 * @param poolSize number of connections that the asynchronous client keeps
 * @param poolTtl time for which the asynchronous client keeps a connection
 * @param payloadMaxBytes maximum size of a reply that the asynchronous client accepts, in
 * bytes
 * @param trustCacerts location, on the cluster, of the certificates to trust, in PEM
 * @param clientCert location, on the cluster, of its client certificate, in PEM
 * @param clientKey location, on the cluster, of the key of its client certificate, in
 * PKCS#8
 * @param clientKeyPassword location, on the cluster, of a file that contains only the
 * password of that key
 * @since 0.1.0
 */
public record Transport(Type type, @Nullable Duration call, @Nullable Duration connect, @Nullable Duration read,
		@Nullable Duration write, int poolSize, Duration poolTtl, long payloadMaxBytes, @Nullable String trustCacerts,
		@Nullable String clientCert, @Nullable String clientKey, @Nullable String clientKeyPassword) {

	/**
	 * Create the settings.
	 * @param type client that 3.x clusters call functions with
	 * @param call maximum time that a cluster tries to have a batch handled
	 * @param connect maximum time to connect
	 * @param read maximum time that OkHttp waits for an answer
	 * @param write maximum time that OkHttp takes to send a request
	 * @param poolSize number of connections that the asynchronous client keeps
	 * @param poolTtl time for which the asynchronous client keeps a connection
	 * @param payloadMaxBytes maximum size of a reply that the asynchronous client accepts
	 * @param trustCacerts location of the certificates to trust
	 * @param clientCert location of the client certificate
	 * @param clientKey location of its key
	 * @param clientKeyPassword location of the file with the password of the key
	 * @throws IllegalArgumentException if only one of {@code clientCert} and
	 * {@code clientKey} is set
	 */
	public Transport {
		// The cluster refuses one without the other (protocol.md §6.4)
		Checks.isTrue((clientCert == null) == (clientKey == null),
				() -> "'statefun.module.transport.client-cert' and 'client-key' belong together; only one is set");
	}

	/**
	 * Return the default transport of clusters of 3.2 and later.
	 * @return the asynchronous client with its defaults
	 */
	public static Transport async() {
		return of(Type.ASYNC);
	}

	/**
	 * Return OkHttp with its defaults.
	 * @return the transport
	 */
	public static Transport okhttp() {
		return of(Type.OKHTTP);
	}

	private static Transport of(Type type) {
		return new Transport(type, null, null, null, null, 1024, Duration.ofSeconds(15), 32 << 20, null, null, null,
				null);
	}

	/**
	 * Client with which a cluster of 3.x calls functions. All 2.x clusters use OkHttp.
	 */
	public enum Type {

		/** The asynchronous client, from 3.1 on. */
		ASYNC,

		/** OkHttp. */
		OKHTTP

	}

}
