package dev.statefun.spring.boot.autoconfigure.gateway;

import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.local.LocalGatewayTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for a gateway in the local runtime.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class, before = StatefunGatewayAutoConfiguration.class)
@ConditionalOnClass(LocalRuntime.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@Conditional(OnLocalGatewayCondition.class)
public final class StatefunLocalGatewayAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(value = GatewayTransport.class, search = SearchStrategy.CURRENT)
	LocalGatewayTransport statefunLocalGatewayTransport(GatewayNames names, ObjectProvider<LocalRuntime> runtime) {
		return new LocalGatewayTransport(names.client(), runtime::getObject);
	}

}
