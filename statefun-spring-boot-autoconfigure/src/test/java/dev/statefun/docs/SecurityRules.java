package dev.statefun.docs;

import dev.statefun.spring.boot.autoconfigure.security.StatefunRequest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Security rules of an application that permits clusters.
 */
@Configuration(proxyBeanMethods = false)
class SecurityRules {

	@Bean
	SecurityFilterChain rules(HttpSecurity http) {
		http.authorizeHttpRequests((requests) -> requests.requestMatchers(StatefunRequest.toEndpoint())
			.permitAll()
			.anyRequest()
			.authenticated());
		http.httpBasic(Customizer.withDefaults());
		return http.build();
	}

}
