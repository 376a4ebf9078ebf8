package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.StatefulFunctions;
import dev.statefun.spring.actuate.StatefunEndpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the actuator endpoint {@code statefun}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(StatefunEndpoint.class)
@ConditionalOnBean(StatefulFunctions.class)
public final class StatefunEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	StatefunEndpoint statefunEndpoint(StatefulFunctions functions) {
		return new StatefunEndpoint(functions);
	}

}
