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
 * slices leave it out, as they have some of an application's functions and all of its
 * settings.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StatefunProperties.class)
public final class StatefunFunctionSettingsAutoConfiguration {

	// Never lazy: invalid settings have to stop the start-up. Created before the
	// handler, whose errors are less specific
	@Bean
	@Lazy(false)
	FunctionSettingsCheck statefunFunctionSettingsCheck(StatefunProperties properties, StatefulFunctions functions,
			ConfigurableListableBeanFactory beanFactory) {
		return new FunctionSettingsCheck(properties, functions, beanFactory);
	}

}
