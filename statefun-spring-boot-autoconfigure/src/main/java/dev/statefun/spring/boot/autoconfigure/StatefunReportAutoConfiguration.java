package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.StatefulFunctions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the line at start-up that tells which functions are served.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnBean(StatefulFunctions.class)
public final class StatefunReportAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ServedFunctionsReport statefunServedFunctionsReport(StatefulFunctions functions,
			ObjectProvider<EndpointLocation> location, ApplicationContext context) {
		return new ServedFunctionsReport(functions, location.getIfAvailable(), context);
	}

}
