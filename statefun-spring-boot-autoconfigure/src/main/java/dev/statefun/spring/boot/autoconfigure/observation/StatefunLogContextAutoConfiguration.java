package dev.statefun.spring.boot.autoconfigure.observation;

import dev.statefun.spring.logging.LogContext;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the {@code MDC} entries of the message that is being handled.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(MDC.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
public final class StatefunLogContextAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBooleanProperty(name = "statefun.observations.mdc", matchIfMissing = true)
	LogContext statefunLogContext() {
		return new LogContext();
	}

}
