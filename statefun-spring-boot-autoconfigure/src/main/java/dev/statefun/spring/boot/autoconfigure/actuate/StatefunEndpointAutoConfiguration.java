package dev.statefun.spring.boot.autoconfigure.actuate;

import java.time.InstantSource;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.actuate.FailurePolicyDescription;
import dev.statefun.spring.actuate.FunctionActivity;
import dev.statefun.spring.actuate.StatefunEndpoint;
import dev.statefun.spring.boot.autoconfigure.PropertiesFailurePolicy;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the actuator endpoint {@code statefun}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(StatefunEndpoint.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
public final class StatefunEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	FunctionActivity statefunFunctionActivity(StatefulFunctions functions) {
		return new FunctionActivity(functions, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefunEndpoint statefunEndpoint(StatefulFunctions functions, ObjectProvider<FailurePolicy> policies,
			FunctionActivity activity) {
		FailurePolicy policy = policies.getIfAvailable();
		return new StatefunEndpoint(functions, (type) -> describe(policy, type), activity);
	}

	private static FailurePolicyDescription describe(@Nullable FailurePolicy policy, FunctionType type) {
		if (policy instanceof PropertiesFailurePolicy properties) {
			return properties.describe(type);
		}
		return (policy != null) ? new FailurePolicyDescription(policy.getClass().getName(), Map.of(), null)
				: FailurePolicyDescription.RETRY;
	}

}
