package dev.statefun.console.autoconfigure;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;

/**
 * Exempts the console from CSRF protection, in every chain of the application: its writes
 * need a token of its own in a header, which no page of another site can read or send.
 */
final class ConsoleCsrfConfigurer extends AbstractHttpConfigurer<ConsoleCsrfConfigurer, HttpSecurity> {

	@Override
	@SuppressWarnings("unchecked")
	public void init(HttpSecurity http) {
		// Null where the application has disabled the protection
		CsrfConfigurer<HttpSecurity> csrf = http.getConfigurer(CsrfConfigurer.class);
		if (csrf != null) {
			csrf.ignoringRequestMatchers(StatefunConsoleRequest.toConsole());
		}
	}

}
