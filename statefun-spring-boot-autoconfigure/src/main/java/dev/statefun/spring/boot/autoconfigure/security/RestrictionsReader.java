package dev.statefun.spring.boot.autoconfigure.security;

import java.util.List;

import dev.statefun.endpoint.access.AllowedAddresses;
import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.spring.boot.autoconfigure.internal.ConfiguredSecret;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Reads the properties that restrict calls of the endpoint, and reports errors in them
 * without showing the secret.
 */
final class RestrictionsReader {

	private static final String TOMCAT = "org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory";

	private final String path;

	private final ApplicationContext context;

	RestrictionsReader(String path, ApplicationContext context) {
		this.path = path;
		this.context = context;
	}

	EndpointRestrictions read(StatefunServerProperties server, StatefunSecurityProperties security) {
		if (server.port() == null && (server.address() != null || server.ssl().bundle() != null)) {
			throw new FailureAnalyzedException(
					"'statefun.server.address' or 'statefun.server.ssl.bundle' is set, but 'statefun.server.port' is not, "
							+ "so that there is no port that they could be for.",
					"Set 'statefun.server.port', or remove the other properties of 'statefun.server'.");
		}
		AllowedAddresses addresses = addressesOf(security.allowedAddresses());
		if (addresses != null) {
			requireTrueAddresses();
		}
		return read(server, addresses, security);
	}

	/**
	 * Read the restrictions of a server that serves only the endpoint and ignores
	 * forwarded headers.
	 * @param server settings of the server
	 * @param security restrictions of requests
	 * @return the restrictions
	 */
	EndpointRestrictions readForOwnServer(StatefunServerProperties server, StatefunSecurityProperties security) {
		return read(server.forOwnServer(this.context.getEnvironment()), addressesOf(security.allowedAddresses()),
				security);
	}

	private EndpointRestrictions read(StatefunServerProperties server, @Nullable AllowedAddresses addresses,
			StatefunSecurityProperties security) {
		if (server.ssl().bundle() == null && server.ssl().clientAuth() != null) {
			throw new FailureAnalyzedException(
					"'statefun.server.ssl.client-auth' is set, but 'statefun.server.ssl.bundle' is not, "
							+ "so that 'statefun.server.port' would speak plain HTTP.",
					"Set 'statefun.server.ssl.bundle', or remove 'statefun.server.ssl.client-auth'.");
		}
		return new EndpointRestrictions(server.port() != null, addresses,
				(security.secret() != null) ? ConfiguredSecret.of(security.secret(), this.path) : null);
	}

	private static @Nullable AllowedAddresses addressesOf(@Nullable List<String> list) {
		if (list == null) {
			return null;
		}
		if (list.isEmpty()) {
			throw new FailureAnalyzedException(
					"'statefun.security.allowed-addresses' is empty, so that no cluster could call.",
					"List the addresses that clusters call from, or remove it.");
		}
		try {
			return AllowedAddresses.parse(list);
		}
		catch (IllegalArgumentException ex) {
			throw new FailureAnalyzedException("'statefun.security.allowed-addresses': " + ex.getMessage() + ".",
					"Write addresses in numbers, and ranges with the number of bits that they share; "
							+ "names are not resolved.",
					ex);
		}
	}

	private void requireTrueAddresses() {
		if (believesHeaders(this.context.getEnvironment())
				&& !ClassUtils.isPresent(TOMCAT, this.context.getClassLoader())) {
			throw new FailureAnalyzedException(
					"'statefun.security.allowed-addresses' is set, but the server replaces the address of the caller "
							+ "with that of a header, and only Tomcat keeps the original.",
					"Set 'server.forward-headers-strategy' to 'framework' or 'none', or let the application run on Tomcat.");
		}
	}

	private static boolean believesHeaders(Environment environment) {
		String strategy = environment.getProperty("server.forward-headers-strategy");
		CloudPlatform platform = CloudPlatform.getActive(environment);
		return (strategy != null) ? strategy.equalsIgnoreCase("native")
				: platform != null && platform.isUsingForwardHeaders();
	}

}
