package dev.statefun.spring.boot.autoconfigure.security;

import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Exempts {@code POST} requests to the endpoint from CSRF protection, in every chain of
 * the application: no cluster has a token. Other requests are not affected.
 */
final class StatefunCsrfConfigurer extends AbstractHttpConfigurer<StatefunCsrfConfigurer, HttpSecurity> {

	@Override
	@SuppressWarnings("unchecked")
	public void init(HttpSecurity http) {
		ApplicationContext context = http.getSharedObject(ApplicationContext.class);
		// Null where the application has disabled the protection
		CsrfConfigurer<HttpSecurity> csrf = http.getConfigurer(CsrfConfigurer.class);
		if (csrf != null && context != null && !isKept(context)) {
			RequestMatcher endpoint = StatefunRequest.toEndpoint();
			csrf.ignoringRequestMatchers(
					(request) -> HttpMethod.POST.matches(request.getMethod()) && endpoint.matches(request));
		}
	}

	private static boolean isKept(ApplicationContext context) {
		return context.getEnvironment().getProperty("statefun.security.csrf.enabled", Boolean.class, false);
	}

}
