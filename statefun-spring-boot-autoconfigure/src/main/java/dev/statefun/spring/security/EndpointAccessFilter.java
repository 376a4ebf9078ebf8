package dev.statefun.spring.security;

import java.io.IOException;

import dev.statefun.endpoint.traffic.Rejection;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.spring.security.RefusalLog.Reason;
import dev.statefun.spring.web.UnreadBody;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.PathContainer;
import org.springframework.http.server.RequestPath;
import org.springframework.util.Assert;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Admits requests to the endpoint that satisfy its {@link EndpointRestrictions}, and
 * removes the secret from their path, so that no code behind this filter sees it. Others
 * are answered with 403 and no body; on the port of its own, requests that are not for
 * the endpoint are answered with 404. Requests for the rest of the application pass.
 * <p>
 * It has to run before all filters, for the dispatcher types {@code REQUEST},
 * {@code ASYNC} and {@code ERROR}. Admitted requests are {@link #hasAdmitted marked}: the
 * endpoint must not answer without the mark, so that a path that this filter and Spring
 * MVC parse differently opens nothing.
 *
 * @since 0.1.0
 */
public final class EndpointAccessFilter implements Filter {

	private static final String ATTRIBUTE = EndpointAccessFilter.class.getName();

	private final String end;

	private final PathPattern endpoint;

	private final PathPattern base;

	private final EndpointRestrictions restrictions;

	private final RefusalLog log;

	private final TrafficListener listener;

	/**
	 * Create a filter.
	 * @param path path of the endpoint within the servlet context; with a secret, not
	 * only {@code /}, as everything below it belongs to the endpoint
	 * @param restrictions restrictions of requests
	 * @param log logs refused requests
	 * @param listener receives each refusal
	 */
	public EndpointAccessFilter(String path, EndpointRestrictions restrictions, RefusalLog log,
			TrafficListener listener) {
		Assert.isTrue(!path.equals("/") || restrictions.secret() == null, "'path' must not be '/' with a secret");
		this.end = path.endsWith("/") ? "/" : "";
		this.endpoint = PathPatternParser.defaultInstance.parse(path);
		this.base = PathPatternParser.defaultInstance.parse(path.substring(0, path.length() - this.end.length()));
		this.restrictions = restrictions;
		this.log = log;
		this.listener = listener;
	}

	/**
	 * Return whether such a filter has admitted a request to the endpoint.
	 * @param request the request
	 * @return whether it has
	 */
	public static boolean hasAdmitted(HttpServletRequest request) {
		// By class: a proxy in front can set attributes over AJP
		return request.getAttribute(ATTRIBUTE) instanceof Admission;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse httpResponse) {
			filter(http, httpResponse, chain);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (request.getDispatcherType() != DispatcherType.REQUEST) {
			dispatchedAgain(request, response, chain);
			return;
		}
		ClusterConnection connection = ClusterConnection.of(request);
		PathContainer rest = restOf(request);
		if (rest == null) {
			if (this.restrictions.ownPort() && connection.ownPort()) {
				refuse(Reason.OTHER_PATH, HttpServletResponse.SC_NOT_FOUND, connection, request, response);
			}
			else {
				chain.doFilter(notShowingTheSecret(request), response);
			}
			return;
		}
		Reason reason = reasonAgainst(connection, rest);
		if (reason != null) {
			refuse(reason, HttpServletResponse.SC_FORBIDDEN, connection, request, response);
			return;
		}
		request.setAttribute(ATTRIBUTE, Admission.ADMITTED);
		chain.doFilter(strip(request), response);
	}

	// Rest of the path behind the endpoint's, if the request is for the endpoint
	private @Nullable PathContainer restOf(HttpServletRequest request) {
		PathContainer path;
		try {
			path = RequestPath.parse(request.getRequestURI(), request.getContextPath()).pathWithinApplication();
		}
		catch (IllegalArgumentException ex) {
			// Spring MVC can't parse the path either
			return null;
		}
		if (this.endpoint.matches(path)) {
			return PathContainer.parsePath("");
		}
		if (this.restrictions.secret() == null) {
			return null;
		}
		PathPattern.PathRemainingMatchInfo info = this.base.matchStartOfPath(path);
		return (info != null) ? info.getPathRemaining() : null;
	}

	private @Nullable Reason reasonAgainst(ClusterConnection connection, PathContainer rest) {
		if (this.restrictions.ownPort() && !connection.ownPort()) {
			return Reason.OTHER_PORT;
		}
		AllowedAddresses addresses = this.restrictions.addresses();
		if (addresses != null && !addresses.contain(connection.peerAddress())) {
			return Reason.ADDRESS;
		}
		EndpointSecret secret = this.restrictions.secret();
		if (secret != null && !(rest.value().startsWith("/") && secret.isKnownBy(rest.value().substring(1)))) {
			return Reason.SECRET;
		}
		return null;
	}

	// The body of an unauthorized client must not hold a thread
	private void refuse(Reason reason, int status, ClusterConnection connection, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		this.log.refused(reason, connection);
		this.listener.rejected(Rejection.FORBIDDEN);
		UnreadBody.leaveUnlessBuffered(request);
		UnreadBody.closeConnection(request, response);
		response.setStatus(status);
		response.setContentLength(0);
		response.flushBuffer();
	}

	private void dispatchedAgain(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (hasAdmitted(request)) {
			chain.doFilter(strip(request), response);
		}
		else if (this.restrictions.ownPort() && ClusterConnection.of(request).ownPort()) {
			// The container's own error, with the application's error page
			response.setContentLength(0);
		}
		else {
			chain.doFilter(notShowingTheSecret(request), response);
		}
	}

	private HttpServletRequest strip(HttpServletRequest request) {
		EndpointSecret secret = this.restrictions.secret();
		return (secret != null) ? SecretStrippingRequest.forEndpoint(request, secret, this.end) : request;
	}

	// A path similar to the endpoint's, with the right secret
	private HttpServletRequest notShowingTheSecret(HttpServletRequest request) {
		EndpointSecret secret = this.restrictions.secret();
		return (secret != null) ? SecretStrippingRequest.forOthers(request, secret) : request;
	}

	/**
	 * Mark of an admitted request.
	 */
	private enum Admission {

		ADMITTED

	}

}
