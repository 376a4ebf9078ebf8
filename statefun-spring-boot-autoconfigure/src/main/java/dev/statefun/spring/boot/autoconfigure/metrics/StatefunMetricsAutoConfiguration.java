package dev.statefun.spring.boot.autoconfigure.metrics;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.netty.BlockListener;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.actuate.StatefunHealthProperties;
import dev.statefun.spring.boot.autoconfigure.internal.ServerConnections;
import dev.statefun.spring.boot.autoconfigure.module.ModuleWiring;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleProperties;
import dev.statefun.spring.boot.autoconfigure.netty.StatefunNettyAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationsProperties;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.metrics.BatchMetrics;
import dev.statefun.spring.metrics.BatchTimer;
import dev.statefun.spring.metrics.NettyMetrics;
import dev.statefun.spring.metrics.TrafficMetrics;
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
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the meters of stateful functions and of the endpoint's traffic.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { StatefunModuleAutoConfiguration.class, StatefunObservationAutoConfiguration.class,
				StatefunNettyAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class },
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
		functions.egresses().values().forEach((egress) -> targets.add(egress.id().toString()));
		return new BatchMetrics(registry, functions, targets);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(value = { Admission.class, Redeliveries.class }, search = SearchStrategy.CURRENT)
	@ConditionalOnMissingBean(value = TrafficMetrics.class, search = SearchStrategy.CURRENT)
	@EnableConfigurationProperties(StatefunHealthProperties.class)
	static class TrafficConfiguration {

		// A listener that an ancestor's application has defined takes precedence, its
		// meters do not
		@Bean
		@ConditionalOnBean(MeterRegistry.class)
		@ConditionalOnMissingBean(value = TrafficListener.class, ignored = TrafficMetrics.class)
		TrafficMetrics statefunTrafficMetrics(MeterRegistry registry, Admission admission, Redeliveries redeliveries,
				StatefunHealthProperties health, BatchTimeLimit limit) {
			return new TrafficMetrics(registry, admission, redeliveries, health.stuckAfter(limit));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(BlockListener.class)
	@ConditionalOnBean(value = ServerConnections.class, search = SearchStrategy.CURRENT)
	static class NettyConfiguration {

		@Bean
		@ConditionalOnBean(MeterRegistry.class)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		NettyMetrics statefunNettyMetrics(MeterRegistry registry, StatefulFunctions functions,
				ServerConnections connections) {
			return new NettyMetrics(registry, functions, connections::open);
		}

	}

}
