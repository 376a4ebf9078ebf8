package dev.statefun.spring.boot.autoconfigure.gateway.web;

import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.WebApplicationContext;

/**
 * Matchers for rules of Spring Security about HTTP access to functions.
 *
 * @since 0.1.0
 */
public final class StatefunGatewayRequest {

	private StatefunGatewayRequest() {
	}

	/**
	 * Return a matcher for the gateway's path and all below it, wherever
	 * {@code statefun.gateway.http.path}, the context path and the path of Spring MVC's
	 * servlet put it. It matches any method, and nothing in an application whose
	 * functions can't be reached over HTTP.
	 * @return a new matcher, which may be shared by the rules of one application;
	 * thread-safe
	 */
	public static GatewayRequestMatcher toGateway() {
		return new GatewayRequestMatcher();
	}

	/**
	 * Matches requests to functions.
	 */
	public static final class GatewayRequestMatcher extends ApplicationContextRequestMatcher<ApplicationContext> {

		private volatile @Nullable RequestMatcher path;

		private GatewayRequestMatcher() {
			super(ApplicationContext.class);
		}

		@Override
		protected boolean ignoreApplicationContext(WebApplicationContext context) {
			return hasServerNamespace(context, "management");
		}

		@Override
		protected void initialized(Supplier<ApplicationContext> context) {
			GatewayLocation gateway = context.get().getBeanProvider(GatewayLocation.class).getIfAvailable();
			this.path = (gateway != null)
					? PathPatternRequestMatcher.withDefaults().matcher(gateway.pathInContext() + "/**") : null;
		}

		@Override
		protected boolean matches(HttpServletRequest request, Supplier<ApplicationContext> context) {
			RequestMatcher matcher = this.path;
			return matcher != null && matcher.matches(request);
		}

	}

}
