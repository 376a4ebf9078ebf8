package dev.statefun.spring.boot.autoconfigure.metrics;

import dev.statefun.spring.boot.autoconfigure.actuate.StatefunHealthProperties;
import dev.statefun.spring.boot.autoconfigure.web.StatefunWebMvcAutoConfiguration;
import dev.statefun.spring.execution.BatchTimeLimit;
import dev.statefun.spring.metrics.TrafficMetrics;
import dev.statefun.spring.traffic.Admission;
import dev.statefun.spring.traffic.Redeliveries;
import dev.statefun.spring.traffic.TrafficListener;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the meters of the endpoint's traffic.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { StatefunMetricsAutoConfiguration.class, StatefunWebMvcAutoConfiguration.class })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(value = { Admission.class, Redeliveries.class }, search = SearchStrategy.CURRENT)
@ConditionalOnMissingBean(value = TrafficMetrics.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(StatefunHealthProperties.class)
public final class StatefunTrafficMetricsAutoConfiguration {

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
