package dev.statefun.spring.boot.autoconfigure.security;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Security rules of an application, including one that permits clusters.
 */
@Configuration(proxyBeanMethods = false)
class PermittingChain {

	@Bean
	SecurityFilterChain chain(HttpSecurity http) {
		http.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunRequest.toEndpoint())
			.permitAll()
			.requestMatchers("/actuator/**", "/error")
			.permitAll()
			.anyRequest()
			.authenticated());
		http.httpBasic(Customizer.withDefaults());
		return http.build();
	}

}
