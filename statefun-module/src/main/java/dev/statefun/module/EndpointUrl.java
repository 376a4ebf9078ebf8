package dev.statefun.module;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * URL under which a cluster calls functions. It may be a template of 3.x, in which
 * <code>{function.name}</code> represents the name without its namespace (protocol.md
 * §6.1).
 *
 * @param text the URL as in module.yaml
 */
record EndpointUrl(String text) {

	static final String NAME = "{function.name}";

	private static final Set<String> SCHEMES = Set.of("http", "https", "http+unix", "https+unix");

	private static final Set<String> LOOPBACK = Set.of("localhost", "0.0.0.0", "[::1]", "::1");

	// A name that keeps the URL valid, and is the same for all functions
	private static final String ANY_NAME = "function.name";

	static EndpointUrl of(String base, String path) {
		EndpointUrl url = new EndpointUrl(base.strip());
		URI uri = url.uri(ANY_NAME);
		if (uri == null) {
			throw new InvalidDeclarationException("'statefun.module.endpoint' is '" + base + "', which is no URL",
					"Give a URL with http or https and a host, such as 'http://cart:8080'", null);
		}
		String ownPath = uri.getRawPath();
		if (!ownPath.isEmpty() && !ownPath.equals("/")) {
			return url;
		}
		String withoutSlash = url.text.endsWith("/") ? url.text.substring(0, url.text.length() - 1) : url.text;
		return new EndpointUrl(withoutSlash + path);
	}

	@Nullable URI uri() {
		return uri(ANY_NAME);
	}

	private @Nullable URI uri(String functionName) {
		try {
			URI uri = URI.create(forFunction(functionName));
			String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
			boolean complete = scheme.endsWith("+unix") ? uri.getRawPath() != null : uri.getRawAuthority() != null;
			return (SCHEMES.contains(scheme) && complete) ? uri : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	boolean isTemplate() {
		return this.text.contains(NAME);
	}

	String forFunction(String name) {
		return this.text.replace(NAME, name);
	}

	boolean isUnixSocket() {
		URI uri = uri();
		return uri != null && uri.getScheme().toLowerCase(Locale.ROOT).endsWith("+unix");
	}

	// The part after the file of a socket, if it is one (protocol.md §6.5)
	@Nullable String path(String functionName) {
		URI uri = uri(functionName);
		if (uri == null) {
			return null;
		}
		String path = uri.getRawPath();
		if (isUnixSocket()) {
			int end = (path + "/").indexOf(".sock/");
			return (end < 0) ? "" : path.substring(Math.min(end + ".sock".length(), path.length()));
		}
		return path;
	}

	// -1 if it has none, as a socket
	int port() {
		URI uri = uri();
		if (uri == null || isUnixSocket() || uri.getPort() >= 0) {
			return (uri != null) ? uri.getPort() : -1;
		}
		return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
	}

	// The server at the URL; all functions of one application have the same
	String server() {
		URI uri = uri();
		if (uri == null) {
			return this.text;
		}
		return isUnixSocket() ? uri.getRawPath() : uri.getRawAuthority();
	}

	boolean isLoopback() {
		URI uri = uri();
		String host = (uri != null) ? uri.getHost() : null;
		return host != null && (LOOPBACK.contains(host.toLowerCase(Locale.ROOT)) || host.startsWith("127."));
	}

}
