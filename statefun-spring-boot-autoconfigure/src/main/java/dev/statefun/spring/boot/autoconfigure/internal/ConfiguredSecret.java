package dev.statefun.spring.boot.autoconfigure.internal;

import dev.statefun.endpoint.access.EndpointSecret;

import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * Reads the secret in the path of the endpoint. Internal: may change in any release.
 *
 * @since 0.1.0
 */
public final class ConfiguredSecret {

	private ConfiguredSecret() {
	}

	/**
	 * Return the secret that an application has configured.
	 * @param value the value of {@code statefun.security.secret}
	 * @param path the value of {@code statefun.path}
	 * @return the secret
	 * @throws FailureAnalyzedException if {@code value} is not a valid secret, or the
	 * whole application would lie behind it; its message does not show the value
	 */
	public static EndpointSecret of(String value, String path) {
		if (path.equals("/")) {
			throw new FailureAnalyzedException(
					"'statefun.security.secret' is set, and 'statefun.path' is '/', "
							+ "so that the whole application would lie behind the secret.",
					"Set 'statefun.path' to a path of its own, such as '/statefun'.");
		}
		try {
			return EndpointSecret.of(value);
		}
		catch (IllegalArgumentException ex) {
			throw new FailureAnalyzedException("'statefun.security.secret' " + ex.getMessage() + ".",
					"Set it to at least " + EndpointSecret.MIN_LENGTH
							+ " random letters, digits, '-', '.', '_' or '~': 'openssl rand -hex 32' makes such.");
		}
	}

}
