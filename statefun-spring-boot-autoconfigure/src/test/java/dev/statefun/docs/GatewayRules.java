package dev.statefun.docs;

import dev.statefun.spring.boot.autoconfigure.gateway.web.StatefunGatewayRequest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Rules for clients of the gateway that have no session, on the page about HTTP access.
 */
@Configuration(proxyBeanMethods = false)
class GatewayRules {

	@Bean
	@Order(1)
	SecurityFilterChain functions(HttpSecurity http) {
		http.securityMatcher(StatefunGatewayRequest.toGateway());
		http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated());
		http.httpBasic(Customizer.withDefaults());
		http.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
		http.csrf((csrf) -> csrf.disable());
		return http.build();
	}

}
