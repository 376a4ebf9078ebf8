package dev.statefun.spring.security;

import java.io.IOException;

import dev.statefun.endpoint.access.AccessRefusal;
import dev.statefun.endpoint.access.EndpointAccess;
import dev.statefun.endpoint.access.EndpointSecret;
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
 * Admits requests to the endpoint that {@link EndpointAccess} admits, and removes the
 * secret from their path, so that no code behind this filter sees it. Others are answered
 * with 403 and no body; on the port of its own, requests that are not for the endpoint
 * are answered with 404. Requests for the rest of the application pass.
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

	private final @Nullable EndpointSecret secret;

	private final EndpointAccess access;

	/**
	 * Create a filter.
	 * @param path path of the endpoint within the servlet context; with a secret, not
	 * only {@code /}, as everything below it belongs to the endpoint
	 * @param access decides on requests
	 */
	public EndpointAccessFilter(String path, EndpointAccess access) {
		this.secret = access.restrictions().secret();
		Assert.isTrue(!path.equals("/") || this.secret == null, "'path' must not be '/' with a secret");
		this.end = path.endsWith("/") ? "/" : "";
		this.endpoint = PathPatternParser.defaultInstance.parse(path);
		this.base = PathPatternParser.defaultInstance.parse(path.substring(0, path.length() - this.end.length()));
		this.access = access;
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
		AccessRefusal refusal = (rest != null)
				? this.access.check(connection.peerAddress(), connection.ownPort(), rest.value())
				: this.access.checkOther(connection.peerAddress(), connection.ownPort());
		if (refusal != null) {
			refuse(refusal, request, response);
		}
		else if (rest != null) {
			request.setAttribute(ATTRIBUTE, Admission.ADMITTED);
			chain.doFilter(strip(request), response);
		}
		else {
			chain.doFilter(notShowingTheSecret(request), response);
		}
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
		if (this.secret == null) {
			return null;
		}
		PathPattern.PathRemainingMatchInfo info = this.base.matchStartOfPath(path);
		return (info != null) ? info.getPathRemaining() : null;
	}

	// The body of an unauthorized client must not hold a thread
	private static void refuse(AccessRefusal refusal, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		UnreadBody.leaveUnlessBuffered(request);
		UnreadBody.closeConnection(request, response);
		response.setStatus(refusal.status());
		response.setContentLength(0);
		response.flushBuffer();
	}

	private void dispatchedAgain(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (hasAdmitted(request)) {
			chain.doFilter(strip(request), response);
		}
		else if (this.access.isHidden(ClusterConnection.of(request).ownPort())) {
			// The container's own error, with the application's error page
			response.setContentLength(0);
		}
		else {
			chain.doFilter(notShowingTheSecret(request), response);
		}
	}

	private HttpServletRequest strip(HttpServletRequest request) {
		return (this.secret != null) ? SecretStrippingRequest.forEndpoint(request, this.secret, this.end) : request;
	}

	// A path similar to the endpoint's, with the right secret
	private HttpServletRequest notShowingTheSecret(HttpServletRequest request) {
		return (this.secret != null) ? SecretStrippingRequest.forOthers(request, this.secret) : request;
	}

	/**
	 * Mark of an admitted request.
	 */
	private enum Admission {

		ADMITTED

	}

}
