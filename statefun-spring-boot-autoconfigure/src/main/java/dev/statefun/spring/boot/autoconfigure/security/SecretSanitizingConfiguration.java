package dev.statefun.spring.boot.autoconfigure.security;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Keeps the secret out of the actuator, on any server.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnRestrictionCondition.class)
@ConditionalOnClass(SanitizingFunction.class)
class SecretSanitizingConfiguration {

	// Even where the application shows values, and anywhere in a value: a command
	// line, JSON, a URL
	@Bean
	SanitizingFunction statefunSecretSanitizingFunction(EndpointRestrictions restrictions) {
		EndpointSecret secret = restrictions.secret();
		return SanitizingFunction.sanitizeValue()
			.ifValueStringMatches((value) -> secret != null && secret.occursIn(value));
	}

}
