package dev.statefun.spring.boot.autoconfigure.actuate;

import java.time.InstantSource;
import java.util.Map;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.module.ModuleGenerator;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.actuate.FailurePolicyDescription;
import dev.statefun.spring.actuate.FunctionActivity;
import dev.statefun.spring.actuate.StatefunEndpoint;
import dev.statefun.spring.actuate.StatefunHealthIndicator;
import dev.statefun.spring.actuate.StatefunInfoContributor;
import dev.statefun.spring.actuate.StatefunModuleEndpoint;
import dev.statefun.spring.actuate.UnreachableHealthIndicator;
import dev.statefun.spring.boot.autoconfigure.PropertiesFailurePolicy;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.boot.autoconfigure.netty.StatefunNettyAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the start-up line that lists the served functions, and for the
 * endpoints, health and info of the actuator.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { StatefunModuleAutoConfiguration.class, StatefunNettyAutoConfiguration.class,
		StatefunWebMvcAutoConfiguration.class })
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunActuatorAutoConfiguration {

	@Bean
	ServedFunctionsReport statefunServedFunctionsReport(StatefulFunctions functions, ApplicationContext context,
			ConfigurableListableBeanFactory beanFactory) {
		// Not that of a parent
		EndpointLocation location = EndpointLocation.isIn(beanFactory) ? beanFactory.getBean(EndpointLocation.class)
				: null;
		return new ServedFunctionsReport(functions, location, context, beanFactory);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
	@ConditionalOnAvailableEndpoint(StatefunEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		FunctionActivity statefunFunctionActivity(StatefulFunctions functions) {
			return new FunctionActivity(functions, InstantSource.system());
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		StatefunEndpoint statefunEndpoint(StatefulFunctions functions, ObjectProvider<FailurePolicy> policies,
				FunctionActivity activity) {
			FailurePolicy policy = policies.getIfAvailable();
			return new StatefunEndpoint(functions, (type) -> describe(policy, type), activity);
		}

		private static FailurePolicyDescription describe(@Nullable FailurePolicy policy, FunctionType type) {
			if (policy instanceof PropertiesFailurePolicy properties) {
				return properties.describe(type);
			}
			return (policy != null) ? new FailurePolicyDescription(policy.getClass().getName(), Map.of(), null)
					: FailurePolicyDescription.RETRY;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class, Yaml.class })
	@ConditionalOnAvailableEndpoint(StatefunModuleEndpoint.class)
	@ConditionalOnBean(value = ModuleGenerator.class, search = SearchStrategy.CURRENT)
	static class ModuleEndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		StatefunModuleEndpoint statefunModuleEndpoint(ModuleGenerator generator, StatefunModuleProperties module) {
			return new StatefunModuleEndpoint(generator, module.formatToWrite());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
	@ConditionalOnEnabledInfoContributor("statefun")
	static class InfoConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		StatefunInfoContributor statefunInfoContributor(StatefulFunctions functions, StatefunProperties properties) {
			return new StatefunInfoContributor(functions, properties.protocol());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("statefun")
	@ConditionalOnBean(value = { Admission.class, Redeliveries.class }, search = SearchStrategy.CURRENT)
	@EnableConfigurationProperties(StatefunHealthProperties.class)
	static class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "statefunHealthIndicator", search = SearchStrategy.CURRENT)
		StatefunHealthIndicator statefunHealthIndicator(StatefulFunctions functions, Admission admission,
				Redeliveries redeliveries, StatefunHealthProperties properties, BatchTimeLimit limit) {
			return new StatefunHealthIndicator(functions, admission, redeliveries, properties.stuckAfter(limit));
		}

	}

	/**
	 * Health of an application without Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnEnabledHealthIndicator("statefun")
	@ConditionalOnMissingBean(value = Admission.class, search = SearchStrategy.CURRENT)
	static class UnreachableHealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "statefunHealthIndicator", search = SearchStrategy.CURRENT)
		UnreachableHealthIndicator statefunHealthIndicator(StatefulFunctions functions) {
			return new UnreachableHealthIndicator(functions);
		}

	}

}
