package dev.statefun.spring.security;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/**
 * A request whose paths do not have the secret.
 */
final class BareRequest extends HttpServletRequestWrapper {

	private static final String CONTAINER = "jakarta.servlet.";

	private final HttpServletRequest request;

	private final EndpointSecret secret;

	private final String end;

	/**
	 * Create a request without the secret.
	 * @param request the request, whose path ends with the secret
	 * @param secret the secret
	 * @param end what the path ends with in its place
	 */
	BareRequest(HttpServletRequest request, EndpointSecret secret, String end) {
		super(request);
		this.request = request;
		this.secret = secret;
		this.end = end;
	}

	private String bare(String path) {
		String cut = this.secret.cutFrom(path);
		return (cut.length() < path.length()) ? cut + this.end : path;
	}

	@Override
	public String getRequestURI() {
		return bare(this.request.getRequestURI());
	}

	@Override
	public StringBuffer getRequestURL() {
		return new StringBuffer(bare(this.request.getRequestURL().toString()));
	}

	@Override
	public String getServletPath() {
		return bare(this.request.getServletPath());
	}

	@Override
	public @Nullable String getPathInfo() {
		String pathInfo = this.request.getPathInfo();
		return (pathInfo != null) ? bare(pathInfo) : null;
	}

	@Override
	public @Nullable String getPathTranslated() {
		String pathInfo = getPathInfo();
		return (pathInfo != null) ? getServletContext().getRealPath(pathInfo) : null;
	}

	@Override
	public HttpServletMapping getHttpServletMapping() {
		return bare(this.request.getHttpServletMapping());
	}

	private HttpServletMapping bare(HttpServletMapping mapping) {
		return new BareMapping(bare("/" + mapping.getMatchValue()).substring(1), mapping);
	}

	// For whoever is dispatched to, the container notes what came in
	@Override
	public @Nullable Object getAttribute(String name) {
		Object value = this.request.getAttribute(name);
		if (!name.startsWith(CONTAINER)) {
			return value;
		}
		if (value instanceof HttpServletMapping mapping) {
			return bare(mapping);
		}
		return (value instanceof String path) ? bare(path) : value;
	}

	/**
	 * The mapping of the servlet without the secret.
	 */
	private record BareMapping(String matchValue, HttpServletMapping mapping) implements HttpServletMapping {

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
