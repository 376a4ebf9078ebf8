package dev.statefun.spring.boot.autoconfigure.actuate;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.actuate.StatefunHealthIndicator;
import dev.statefun.spring.actuate.UnreachableHealthIndicator;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.execution.BatchTimeLimit;
import dev.statefun.spring.traffic.Admission;
import dev.statefun.spring.traffic.Redeliveries;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the health of stateful functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunWebMvcAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("statefun")
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunHealthAutoConfiguration {

	/**
	 * Health of an application that has an endpoint.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(value = { Admission.class, Redeliveries.class }, search = SearchStrategy.CURRENT)
	@EnableConfigurationProperties(StatefunHealthProperties.class)
	static class ServedConfiguration {

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
	@ConditionalOnMissingBean(value = Admission.class, search = SearchStrategy.CURRENT)
	static class UnreachableConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "statefunHealthIndicator", search = SearchStrategy.CURRENT)
		UnreachableHealthIndicator statefunHealthIndicator(StatefulFunctions functions) {
			return new UnreachableHealthIndicator(functions);
		}

	}

}
