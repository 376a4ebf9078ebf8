package dev.statefun.spring.boot.autoconfigure.actuate;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.internal.EndpointLocation;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the start-up line that lists the served functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunReportAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ServedFunctionsReport statefunServedFunctionsReport(StatefulFunctions functions, ApplicationContext context,
			ConfigurableListableBeanFactory beanFactory) {
		// Not that of a parent
		EndpointLocation location = EndpointLocation.isIn(beanFactory) ? beanFactory.getBean(EndpointLocation.class)
				: null;
		return new ServedFunctionsReport(functions, location, context, beanFactory);
	}

}
