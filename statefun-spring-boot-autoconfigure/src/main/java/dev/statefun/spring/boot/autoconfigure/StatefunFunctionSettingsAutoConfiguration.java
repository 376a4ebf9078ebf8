package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the check that every function with settings is served. Test
 * slices have some of an application's functions and all of its settings, so they do
 * without it.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StatefunProperties.class)
public final class StatefunFunctionSettingsAutoConfiguration {

	// Never lazy: what is wrong with the settings has to stop the start-up. Created
	// before
	// the handler, which knows less about them
	@Bean
	@Lazy(false)
	FunctionSettingsCheck statefunFunctionSettingsCheck(StatefunProperties properties, StatefulFunctions functions,
			ConfigurableListableBeanFactory beanFactory) {
		return new FunctionSettingsCheck(properties, functions, beanFactory);
	}

}
