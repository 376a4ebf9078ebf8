package dev.statefun.spring.boot.autoconfigure.execution;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.handler.Deadlines;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.execution.ConcurrencyLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for time limits, concurrency limits and retries of functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = TaskExecutionAutoConfiguration.class, before = StatefunAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StatefunProperties.class)
public final class StatefunExecutionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	Deadlines statefunDeadlines() {
		return new Deadlines();
	}

	@Bean
	ExecutionCustomizer statefunExecutionCustomizer(StatefunProperties properties, StatefulFunctions functions,
			BatchTimeLimit limit, Deadlines deadlines,
			@Qualifier("applicationTaskExecutor") ObjectProvider<Executor> executor) {
		return new ExecutionCustomizer(properties, functions, limit, deadlines,
				executor.getIfAvailable(ForkJoinPool::commonPool));
	}

	// Null without limits, as an interceptor has a cost per message
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@Nullable ConcurrencyLimits statefunConcurrencyLimits(StatefunProperties properties, StatefulFunctions functions,
			@Qualifier("applicationTaskExecutor") ObjectProvider<Executor> executor) {
		Map<FunctionType, Integer> limits = new HashMap<>();
		functions.functions().forEach((function) -> {
			StatefunProperties.Function settings = properties.functions().get(function.type().toString());
			if (settings != null && settings.maxConcurrency() != null) {
				limits.put(function.type(), settings.maxConcurrency());
			}
		});
		return limits.isEmpty() ? null
				: new ConcurrencyLimits(limits, executor.getIfAvailable(ForkJoinPool::commonPool));
	}

}
