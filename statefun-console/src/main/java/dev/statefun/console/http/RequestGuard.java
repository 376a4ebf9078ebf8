package dev.statefun.console.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Checks requests: a page of any site can send to localhost, and a site can let its own
 * name point there (DNS rebinding).
 *
 * @since 0.1.0
 */
public final class RequestGuard {

	/** Header with the token, which writes need. */
	public static final String TOKEN_HEADER = "X-Statefun-Console-Token";

	private static final Pattern LOCAL_HOST = Pattern.compile(
			"([a-z0-9_.-]+\\.)?localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[?[0-9a-f:.]*:[0-9a-f:.%]*]?",
			Pattern.CASE_INSENSITIVE);

	private final String token;

	private final Set<String> hosts;

	private final Predicate<String> clients;

	private final @Nullable String readOnlyReason;

	/**
	 * Create a guard.
	 * @param token token that writes need
	 * @param hosts names of hosts under which the console may be reached, besides
	 * {@code localhost} and addresses
	 * @param clients the addresses of clients that are allowed
	 * @param readOnlyReason why nothing may be written, or {@code null} if it may
	 */
	public RequestGuard(String token, Collection<String> hosts, Predicate<String> clients,
			@Nullable String readOnlyReason) {
		this.token = token;
		this.hosts = Collections.unmodifiableSet(new TreeSet<>(hosts.stream().map(RequestGuard::lowerCase).toList()));
		this.clients = clients;
		this.readOnlyReason = readOnlyReason;
	}

	/**
	 * Return the token that writes need.
	 * @return the token, or {@code null} if nothing may be written
	 */
	public @Nullable String token() {
		return (this.readOnlyReason != null) ? null : this.token;
	}

	/**
	 * Return why nothing may be written.
	 * @return the reason, or {@code null} if it may
	 */
	public @Nullable String readOnlyReason() {
		return this.readOnlyReason;
	}

	void checkClient(HttpServletRequest request) {
		String address = request.getRemoteAddr();
		if (!this.clients.test(address)) {
			throw new ConsoleException(Problem.ADDRESS,
					"The console serves this machine only, and the request is from " + address
							+ ". Add that address to 'statefun.console.allowed-addresses', or rules of Spring "
							+ "Security that cover the console");
		}
		String host = request.getServerName();
		if (host != null && !LOCAL_HOST.matcher(host).matches() && !this.hosts.contains(lowerCase(host))) {
			throw new ConsoleException(Problem.ORIGIN, "The host '" + host
					+ "' is refused, as any site may let its name point here. Use 'localhost' or an address, or add "
					+ "the name to 'statefun.console.allowed-hosts'");
		}
	}

	// A link from another site may lead to the pages, which read nothing by themselves
	void checkOrigin(HttpServletRequest request, boolean page) {
		String site = request.getHeader("Sec-Fetch-Site");
		boolean link = page && "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
				&& List.of("GET", "HEAD").contains(request.getMethod())
				&& !"iframe".equals(request.getHeader("Sec-Fetch-Dest"));
		if (site != null && !site.equals("same-origin") && !site.equals("none") && !link) {
			throw refused();
		}
		for (String origin : Collections.list(request.getHeaders("Origin"))) {
			if (!isOwn(origin, request)) {
				throw refused();
			}
		}
	}

	private static boolean isOwn(String origin, HttpServletRequest request) {
		try {
			URI uri = URI.create(origin);
			if (uri.getHost() == null || uri.getScheme() == null) {
				return false;
			}
			int port = (uri.getPort() >= 0) ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
			return lowerCase(uri.getHost()).equals(lowerCase(request.getServerName()))
					&& port == request.getServerPort();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static ConsoleException refused() {
		return new ConsoleException(Problem.ORIGIN, "A page of another site has sent this, which is refused");
	}

	void checkWrite(HttpServletRequest request) {
		if (this.readOnlyReason != null) {
			throw new ConsoleException(Problem.READ_ONLY, this.readOnlyReason);
		}
		String attempt = request.getHeader(TOKEN_HEADER);
		if (attempt == null || !MessageDigest.isEqual(attempt.getBytes(StandardCharsets.UTF_8),
				this.token.getBytes(StandardCharsets.UTF_8))) {
			throw new ConsoleException(Problem.TOKEN,
					"The header '" + TOKEN_HEADER + "' is missing, or is not the token of this start; read 'info'");
		}
	}

	private static String lowerCase(String host) {
		return host.toLowerCase(Locale.ROOT);
	}

}
