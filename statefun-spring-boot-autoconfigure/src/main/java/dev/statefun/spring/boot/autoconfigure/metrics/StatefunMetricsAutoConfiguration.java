package dev.statefun.spring.boot.autoconfigure.metrics;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.module.ModuleWiring;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationsProperties;
import dev.statefun.spring.metrics.BatchMetrics;
import dev.statefun.spring.metrics.BatchTimer;
import dev.statefun.spring.observation.BatchObservations;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the meters of stateful functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { StatefunAutoConfiguration.class, StatefunModuleAutoConfiguration.class,
				StatefunObservationAutoConfiguration.class },
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(StatefunObservationsProperties.class)
public final class StatefunMetricsAutoConfiguration {

	// Observations have timers already
	@Bean
	@ConditionalOnBean(MeterRegistry.class)
	@ConditionalOnMissingBean(value = { BatchTimer.class, BatchObservations.class }, search = SearchStrategy.CURRENT)
	BatchTimer statefunBatchTimer(MeterRegistry registry) {
		return new BatchTimer(registry);
	}

	@Bean
	@ConditionalOnBean(MeterRegistry.class)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	BatchMetrics statefunBatchMetrics(MeterRegistry registry, StatefulFunctions functions,
			StatefunObservationsProperties properties, StatefunProperties statefun,
			ObjectProvider<StatefunModuleProperties> module, Environment environment) {
		List<String> targets = new ArrayList<>(properties.targets());
		module.ifAvailable((settings) -> ModuleWiring.egresses(settings, statefun, environment)
			.keySet()
			.forEach((egress) -> targets.add(egress.toString())));
		return new BatchMetrics(registry, functions, targets);
	}

}
