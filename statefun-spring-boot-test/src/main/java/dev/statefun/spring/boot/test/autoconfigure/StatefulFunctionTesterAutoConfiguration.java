package dev.statefun.spring.boot.test.autoconfigure;

import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.test.StatefulFunctionTester;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for the {@link StatefulFunctionTester} of a test. Backs off if the
 * context has a tester of its own.
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class)
@ConditionalOnBean(value = RequestReplyHandler.class, search = SearchStrategy.CURRENT)
final class StatefulFunctionTesterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefulFunctionTester statefulFunctionTester(StatefulFunctions functions, RequestReplyHandler handler,
			StatefunProperties properties) {
		return StatefulFunctionTester.of(functions).over(handler::handle).protocol(properties.protocol());
	}

}
