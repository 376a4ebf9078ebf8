package dev.statefun.spring.boot.autoconfigure;

import dev.statefun.sdk.registry.StatefulFunctions;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for typed egresses. Also applies where functions are disabled, as
 * their beans exist and egresses are injected into them.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = StatefunAutoConfiguration.class)
@EnableConfigurationProperties(StatefunEgressProperties.class)
@RegisterReflection(classes = InjectedEgresses.Receiver.class,
		memberCategories = MemberCategory.INVOKE_DECLARED_CONSTRUCTORS)
public final class StatefunEgressAutoConfiguration {

	// Read when the application starts, also if it was processed ahead of time
	@Bean
	EgressDestinations statefunEgressDestinations(StatefunEgressProperties properties) {
		return new EgressDestinations(properties);
	}

	@Bean
	static InjectedEgresses statefunInjectedEgresses(ObjectProvider<StatefulFunctions> functions) {
		return new InjectedEgresses(functions);
	}

}
