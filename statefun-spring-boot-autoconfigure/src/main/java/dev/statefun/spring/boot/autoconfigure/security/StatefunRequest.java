package dev.statefun.spring.boot.autoconfigure.security;

import java.util.function.Supplier;

import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.WebApplicationContext;

/**
 * Matchers for rules of Spring Security about the endpoint that clusters call.
 *
 * @since 0.1.0
 */
public final class StatefunRequest {

	private StatefunRequest() {
	}

	/**
	 * Return a matcher for the endpoint's path, wherever {@code statefun.path}, the
	 * context path and the path of Spring MVC's servlet put it. It matches any method,
	 * and nothing in an application without the endpoint.
	 * @return a new matcher, which may be shared by the rules of one application;
	 * thread-safe
	 */
	public static EndpointRequestMatcher toEndpoint() {
		return new EndpointRequestMatcher();
	}

	/**
	 * Matches requests for the endpoint.
	 */
	public static final class EndpointRequestMatcher extends ApplicationContextRequestMatcher<ApplicationContext> {

		private volatile @Nullable RequestMatcher path;

		private EndpointRequestMatcher() {
			super(ApplicationContext.class);
		}

		@Override
		protected boolean ignoreApplicationContext(WebApplicationContext context) {
			return hasServerNamespace(context, "management");
		}

		@Override
		protected void initialized(Supplier<ApplicationContext> context) {
			EndpointLocation endpoint = context.get().getBeanProvider(EndpointLocation.class).getIfAvailable();
			this.path = (endpoint != null) ? PathPatternRequestMatcher.withDefaults().matcher(endpoint.pathInContext())
					: null;
		}

		@Override
		protected boolean matches(HttpServletRequest request, Supplier<ApplicationContext> context) {
			RequestMatcher matcher = this.path;
			return matcher != null && matcher.matches(request);
		}

	}

}
