package dev.statefun.spring.boot.autoconfigure.module;

import java.util.Map;

import dev.statefun.endpoint.access.EndpointRestrictions;
import dev.statefun.endpoint.access.EndpointSecret;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.ModuleVerifier;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.module.settings.Gateway;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import org.yaml.snakeyaml.Yaml;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for writing and checking the cluster's module.yaml.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties({ StatefunModuleProperties.class, StatefunManifestProperties.class })
public final class StatefunModuleAutoConfiguration {

	// Never lazy: invalid settings have to stop the start-up, also of a command
	@Bean
	@Lazy(false)
	ModuleRuntimeCheck statefunModuleRuntimeCheck(StatefunModuleProperties module) {
		return new ModuleRuntimeCheck(module);
	}

	// Lazy: a service needs none of it, and may not have an endpoint that makes a URL
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Yaml.class)
	static class YamlConfiguration {

		@Bean
		@Lazy
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		ModuleGenerator statefunModuleGenerator(StatefulFunctions functions, StatefunModuleProperties module,
				StatefunProperties properties, BatchTimeLimit limit, Environment environment,
				ObjectProvider<EndpointLocation> location, ObjectProvider<EndpointRestrictions> restrictions,
				ObjectProvider<Gateway> gateway) {
			EndpointSecret secret = ModuleWiring.secret(properties, environment, restrictions.getIfAvailable());
			return new ModuleGenerator(functions, ModuleWiring.settings(module, properties, limit, environment,
					location.getIfAvailable(), secret, gateway.getIfAvailable()));
		}

		@Bean
		@Lazy
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		ModuleVerifier statefunModuleVerifier(StatefulFunctions functions, StatefunModuleProperties module,
				StatefunProperties properties, BatchTimeLimit limit, Environment environment,
				ObjectProvider<EndpointLocation> location, ObjectProvider<EndpointRestrictions> restrictions,
				ObjectProvider<Gateway> gateway) {
			EndpointSecret secret = ModuleWiring.secret(properties, environment, restrictions.getIfAvailable());
			ModuleVerifier verifier = ModuleWiring.verifier(functions, module, properties, limit, environment,
					location.getIfAvailable(), secret);
			for (Map.Entry<EgressId, String> egress : ModuleWiring.egresses(module, properties, environment)
				.entrySet()) {
				verifier = verifier.egress(egress.getKey(), egress.getValue());
			}
			Gateway own = gateway.getIfAvailable();
			return (own != null) ? verifier.gateway(own) : verifier;
		}

	}

}
