package dev.statefun.spring.boot.autoconfigure.actuate;

import dev.statefun.spring.actuate.StatefunModuleEndpoint;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.module.ModuleGenerator;
import org.yaml.snakeyaml.Yaml;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the actuator endpoint {@code statefunmodule}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunModuleAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class, Yaml.class })
@ConditionalOnAvailableEndpoint(StatefunModuleEndpoint.class)
@ConditionalOnBean(value = ModuleGenerator.class, search = SearchStrategy.CURRENT)
public final class StatefunModuleEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefunModuleEndpoint statefunModuleEndpoint(ModuleGenerator generator, StatefunModuleProperties module) {
		return new StatefunModuleEndpoint(generator, module.formatToWrite());
	}

}
