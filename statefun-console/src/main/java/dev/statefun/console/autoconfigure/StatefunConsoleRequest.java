package dev.statefun.console.autoconfigure;

import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.context.WebApplicationContext;

/**
 * Matchers for rules of Spring Security about the console.
 *
 * @since 0.1.0
 */
public final class StatefunConsoleRequest {

	private StatefunConsoleRequest() {
	}

	/**
	 * Return a matcher for the console's path and all below it. It matches any method,
	 * and nothing in an application without the console.
	 * @return a new matcher, which may be shared by the rules of one application;
	 * thread-safe
	 */
	public static ConsoleRequestMatcher toConsole() {
		return new ConsoleRequestMatcher();
	}

	/**
	 * Matches requests to the console.
	 */
	public static final class ConsoleRequestMatcher extends ApplicationContextRequestMatcher<ApplicationContext> {

		private volatile @Nullable RequestMatcher path;

		private ConsoleRequestMatcher() {
			super(ApplicationContext.class);
		}

		@Override
		protected boolean ignoreApplicationContext(WebApplicationContext context) {
			return hasServerNamespace(context, "management");
		}

		@Override
		protected void initialized(Supplier<ApplicationContext> context) {
			ConsoleLocation console = context.get().getBeanProvider(ConsoleLocation.class).getIfAvailable();
			this.path = (console != null)
					? PathPatternRequestMatcher.withDefaults().matcher(console.pathInContext() + "/**") : null;
		}

		@Override
		protected boolean matches(HttpServletRequest request, Supplier<ApplicationContext> context) {
			RequestMatcher matcher = this.path;
			return matcher != null && matcher.matches(request);
		}

	}

}
