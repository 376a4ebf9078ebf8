package dev.statefun.spring.security;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.statefun.endpoint.access.EndpointSecret;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

import org.springframework.web.util.UriUtils;

/**
 * Request that does not show the secret: the path of a request for the endpoint has it
 * removed, any other request has {@code ******} in its place.
 */
final class SecretStrippingRequest extends HttpServletRequestWrapper {

	private static final String CONTAINER = "jakarta.servlet.";

	private final HttpServletRequest request;

	private final EndpointSecret secret;

	private final UnaryOperator<String> stripping;

	private SecretStrippingRequest(HttpServletRequest request, EndpointSecret secret, UnaryOperator<String> stripping) {
		super(request);
		this.request = request;
		this.secret = secret;
		this.stripping = stripping;
	}

	/**
	 * Return a request for the endpoint without the secret.
	 * @param request the request, whose path ends with the secret
	 * @param secret the secret
	 * @param end end of the path without the secret
	 * @return the request without the secret
	 */
	static HttpServletRequest forEndpoint(HttpServletRequest request, EndpointSecret secret, String end) {
		return new SecretStrippingRequest(request, secret, (path) -> {
			String cut = secret.cutFrom(path);
			return secret.maskIn((cut.length() < path.length()) ? cut + end : path);
		});
	}

	/**
	 * Return a request that is not for the endpoint, such as one whose path is
	 * misspelled, without the secret.
	 * @param request any request
	 * @param secret the secret
	 * @return the same request unless it shows the secret
	 */
	static HttpServletRequest forOthers(HttpServletRequest request, EndpointSecret secret) {
		if (shows(secret, request.getRequestURI()) || shows(secret, request.getQueryString())
				|| request.getDispatcherType() == DispatcherType.ERROR
						&& shows(secret, (String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))) {
			return new SecretStrippingRequest(request, secret, (path) -> mask(path, secret));
		}
		return request;
	}

	private static boolean shows(EndpointSecret secret, @Nullable String text) {
		return text != null && !mask(text, secret).equals(text);
	}

	private static String mask(String text, EndpointSecret secret) {
		String masked = secret.maskIn(text);
		// An encoded secret is masked as well
		return (masked.indexOf('%') >= 0 && secret.occursIn(decoded(masked))) ? "/******" : masked;
	}

	private static String decoded(String text) {
		try {
			return UriUtils.decode(text, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			// Not encoded
			return text;
		}
	}

	private String strip(String path) {
		return this.stripping.apply(path);
	}

	@Override
	public @Nullable String getQueryString() {
		String query = this.request.getQueryString();
		return (query != null) ? mask(query, this.secret) : null;
	}

	@Override
	public @Nullable String getHeader(String name) {
		String value = this.request.getHeader(name);
		return (value != null) ? this.secret.maskIn(value) : null;
	}

	@Override
	public Enumeration<String> getHeaders(String name) {
		List<String> values = new ArrayList<>();
		this.request.getHeaders(name).asIterator().forEachRemaining((value) -> values.add(this.secret.maskIn(value)));
		return Collections.enumeration(values);
	}

	@Override
	public String getRequestURI() {
		return strip(this.request.getRequestURI());
	}

	@Override
	public StringBuffer getRequestURL() {
		return new StringBuffer(strip(this.request.getRequestURL().toString()));
	}

	@Override
	public String getServletPath() {
		return strip(this.request.getServletPath());
	}

	@Override
	public @Nullable String getPathInfo() {
		String pathInfo = this.request.getPathInfo();
		return (pathInfo != null) ? strip(pathInfo) : null;
	}

	@Override
	public @Nullable String getPathTranslated() {
		String pathInfo = getPathInfo();
		return (pathInfo != null) ? getServletContext().getRealPath(pathInfo) : null;
	}

	@Override
	public HttpServletMapping getHttpServletMapping() {
		return strip(this.request.getHttpServletMapping());
	}

	private HttpServletMapping strip(HttpServletMapping mapping) {
		return new StrippedMapping(strip("/" + mapping.getMatchValue()).substring(1), mapping);
	}

	// The container stores the original path for the target of a dispatch
	@Override
	public @Nullable Object getAttribute(String name) {
		Object value = this.request.getAttribute(name);
		if (!name.startsWith(CONTAINER)) {
			return value;
		}
		if (value instanceof HttpServletMapping mapping) {
			return strip(mapping);
		}
		return (value instanceof String path) ? strip(path) : value;
	}

	/**
	 * Mapping of the servlet without the secret.
	 */
	private record StrippedMapping(String matchValue, HttpServletMapping mapping) implements HttpServletMapping {

		@Override
		public String getMatchValue() {
			return this.matchValue;
		}

		@Override
		public String getPattern() {
			return this.mapping.getPattern();
		}

		@Override
		public String getServletName() {
			return this.mapping.getServletName();
		}

		@Override
		public @Nullable MappingMatch getMappingMatch() {
			return this.mapping.getMappingMatch();
		}

	}

}
