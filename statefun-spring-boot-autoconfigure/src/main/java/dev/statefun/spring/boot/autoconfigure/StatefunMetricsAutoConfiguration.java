package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.spring.metrics.BatchMetrics;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the meters of stateful functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
public final class StatefunMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BatchMetrics statefunBatchMetrics(MeterRegistry registry) {
		return new BatchMetrics(registry);
	}

}
