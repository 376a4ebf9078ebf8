package dev.statefun.netty;

import java.util.Objects;

import dev.statefun.endpoint.access.EndpointSecret;
import org.jspecify.annotations.Nullable;

/**
 * Path of the endpoint, and of the secret below it. It has one spelling: paths are
 * compared as they were sent, without decoding. Queries are ignored.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class EndpointPath {

	private static final String MASK = "******";

	private final String path;

	/** Path without a slash at its end. */
	private final String base;

	private final @Nullable EndpointSecret secret;

	/**
	 * Create a path.
	 * @param path path that starts with {@code /}; with a secret, not only that, as
	 * everything below it belongs to the endpoint
	 * @param secret secret of the endpoint, or {@code null}
	 */
	public EndpointPath(String path, @Nullable EndpointSecret secret) {
		this.path = Objects.requireNonNull(path, "'path' must not be null");
		this.base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
		this.secret = secret;
		if (!path.startsWith("/") || path.indexOf('?') >= 0) {
			throw new IllegalArgumentException("'path' is '" + path + "'; expected one that starts with '/'");
		}
		if (secret != null && this.base.isEmpty()) {
			throw new IllegalArgumentException("'path' must not be '/' with a secret");
		}
	}

	/**
	 * Return whether a request is for the endpoint.
	 * @param target target of the request, a path with or without a query
	 * @return whether it is, with the right secret or not
	 */
	public boolean isTargetOf(String target) {
		return restOf(target) != null;
	}

	// Rest of the path behind the endpoint's, if the request is for the endpoint
	@Nullable String restOf(String target) {
		String requested = withoutQuery(target);
		if (requested.equals(this.path)) {
			return "";
		}
		if (this.secret == null || !requested.startsWith(this.base)) {
			return null;
		}
		String rest = requested.substring(this.base.length());
		return (rest.isEmpty() || rest.startsWith("/")) ? rest : null;
	}

	/**
	 * Return a path that may be shown.
	 * @param target target of a request, a path with or without a query
	 * @return the path, without the query, and with {@code ******} for the secret and
	 * whatever may be one
	 */
	public String shown(String target) {
		String requested = withoutQuery(target);
		if (this.secret == null) {
			return requested;
		}
		String rest = restOf(requested);
		if (rest != null) {
			return (rest.length() > 1) ? this.base + "/" + MASK : requested;
		}
		// May be the secret in another spelling
		return (requested.indexOf('%') < 0) ? this.secret.maskIn(requested) : "/" + MASK;
	}

	private static String withoutQuery(String target) {
		int query = target.indexOf('?');
		return (query < 0) ? target : target.substring(0, query);
	}

	@Override
	public String toString() {
		return this.path;
	}

}
