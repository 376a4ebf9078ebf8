package dev.statefun.spring.boot.autoconfigure.actuate;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.actuate.StatefunInfoContributor;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the contribution to the actuator's {@code info} endpoint.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnEnabledInfoContributor("statefun")
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunInfoAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefunInfoContributor statefunInfoContributor(StatefulFunctions functions, StatefunProperties properties) {
		return new StatefunInfoContributor(functions, properties.protocol());
	}

}
