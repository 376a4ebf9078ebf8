package dev.statefun.spring.boot.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

import dev.statefun.sdk.handler.Deadlines;
import dev.statefun.sdk.registry.StatefulFunctions;

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
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ExecutionInterceptors statefunExecutionInterceptors(StatefunProperties properties, StatefulFunctions functions,
			@Qualifier("applicationTaskExecutor") ObjectProvider<Executor> executor) {
		return ExecutionInterceptors.of(properties, functions, executor.getIfAvailable(ForkJoinPool::commonPool));
	}

}
