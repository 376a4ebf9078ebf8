package dev.statefun.spring.boot.autoconfigure.security;

import dev.statefun.spring.boot.autoconfigure.security.StatefunServerProperties.ClientAuth;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Internal: may change in any release. TLS of the port that serves only the endpoint.
 *
 * @param name name of the bundle
 * @param bundle the bundle
 * @param clientAuth whether clients are asked for a certificate
 * @since 0.1.0
 */
public record EndpointTls(String name, SslBundle bundle, ClientAuth clientAuth) {

	/**
	 * Return the TLS of a port.
	 * @param ssl settings of the port
	 * @param bundles the application's SSL bundles
	 * @return its TLS, or {@code null} if it uses plain HTTP
	 * @throws FailureAnalyzedException if the bundle is missing, or lacks a store
	 */
	public static @Nullable EndpointTls of(StatefunServerProperties.Ssl ssl, SslBundles bundles) {
		String name = ssl.bundle();
		if (name == null) {
			return null;
		}
		SslBundle bundle = bundleOf(name, bundles);
		if (bundle.getStores().getKeyStore() == null) {
			throw new FailureAnalyzedException(
					"'statefun.server.ssl.bundle' is '" + name + "', an SSL bundle without a key store.",
					"Give the bundle a certificate and its private key.");
		}
		boolean trusts = bundle.getStores().getTrustStore() != null;
		ClientAuth clientAuth = (ssl.clientAuth() != null) ? ssl.clientAuth()
				: (trusts ? ClientAuth.NEED : ClientAuth.NONE);
		// Without one, any certificate that the JDK trusts would be accepted
		if (!trusts && clientAuth != ClientAuth.NONE) {
			throw new FailureAnalyzedException(
					"'statefun.server.ssl.client-auth' asks for certificates, but the SSL bundle '" + name
							+ "' has no trust store that says which.",
					"Give the bundle a trust store with the authority of the clusters' certificates, "
							+ "or set 'statefun.server.ssl.client-auth' to 'none'.");
		}
		return new EndpointTls(name, bundle, clientAuth);
	}

	private static SslBundle bundleOf(String name, SslBundles bundles) {
		try {
			return bundles.getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw new FailureAnalyzedException(
					"'statefun.server.ssl.bundle' is '" + name + "', but there is no SSL bundle of that name.",
					"Set it to one of " + bundles.getBundleNames() + ", or define the bundle with "
							+ "'spring.ssl.bundle.pem." + name + "' or 'spring.ssl.bundle.jks." + name + "'.",
					ex);
		}
	}

}
