package dev.statefun.spring.boot.autoconfigure.observation;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.logging.LogContext;
import dev.statefun.spring.observation.BatchObservationConvention;
import dev.statefun.spring.observation.BatchObservations;
import dev.statefun.spring.observation.InvocationObservationConvention;
import dev.statefun.spring.observation.InvocationObservations;
import dev.statefun.spring.observation.MessageTraces;
import dev.statefun.spring.observation.MessageTracingHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import org.slf4j.MDC;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for observations of batches and messages, and for the log context.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration" })
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunObservationAutoConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MDC.class)
	static class LogContextConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnBooleanProperty(name = "statefun.observations.mdc", matchIfMissing = true)
		LogContext statefunLogContext() {
			return new LogContext();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	static class ObservationConfiguration {

		@Bean
		@ConditionalOnBean(ObservationRegistry.class)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		@Conditional(OnBatchObserversCondition.class)
		BatchObservations statefunBatchObservations(ObservationRegistry registry,
				ObjectProvider<BatchObservationConvention> convention) {
			return new BatchObservations(registry, convention.getIfAvailable());
		}

		// Around all other interceptors, which may send messages themselves
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		@ConditionalOnBean(ObservationRegistry.class)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		@Conditional(OnInvocationObserversCondition.class)
		InvocationObservations statefunInvocationObservations(ObservationRegistry registry, StatefulFunctions functions,
				ObjectProvider<InvocationObservationConvention> convention, ObjectProvider<MessageTraces> traces) {
			return new InvocationObservations(registry, convention.getIfAvailable(), functions,
					traces.getIfAvailable());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ObservationRegistry.class, Propagator.class })
	@ConditionalOnBean({ ObservationRegistry.class, Tracer.class, Propagator.class })
	static class TracingConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		MessageTraces statefunMessageTraces(ObservationRegistry registry, Tracer tracer, Propagator propagator) {
			return new MessageTraces(registry, tracer, propagator);
		}

		// Before Spring Boot's handler for all that is received
		@Bean
		@Order(0)
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		MessageTracingHandler statefunMessageTracingHandler(Tracer tracer, Propagator propagator) {
			return new MessageTracingHandler(tracer, propagator);
		}

	}

}
