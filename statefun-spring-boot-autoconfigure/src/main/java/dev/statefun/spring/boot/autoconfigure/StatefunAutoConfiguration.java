package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;

import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.Deadlines;
import dev.statefun.sdk.handler.InterruptFlag;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.internal.OwnBeansFirst;
import dev.statefun.spring.execution.BatchTimeLimit;
import dev.statefun.spring.failure.FailureLog;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the registry of stateful functions and the handler of their
 * requests.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StatefunProperties.class)
public final class StatefunAutoConfiguration {

	@Bean
	static OwnBeansFirst statefunOwnBeansFirst() {
		return new OwnBeansFirst(StatefulFunctions.class, RequestReplyHandler.class, FailureLog.class);
	}

	// Never lazy: an invalid function has to stop the start-up, not a message
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	StatefulFunctions statefulFunctions(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MessageCodec<?>> codecs, ObjectProvider<MessageCodecFactory> codecFactories,
			ObjectProvider<JsonEncoder> json, ObjectProvider<StatefulFunctionsCustomizer> customizers) {
		StatefulFunctions.Builder functions = StatefulFunctions.builder();
		codecs.orderedStream().forEach(functions::codec);
		codecFactories.orderedStream().forEach(functions::codecs);
		json.ifUnique(functions::json);
		functions.validatorSupplier(new RequiredMessageValidator(beanFactory));
		FunctionBeans.of(beanFactory).registerAll(functions);
		customizers.orderedStream().forEach((customizer) -> {
			boolean interrupted = InterruptFlag.isSet();
			customizer.customize(functions);
			InterruptFlag.restore(interrupted);
		});
		return functions.build();
	}

	// Read by name: the settings of module.yaml are bound only where one is written
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	BatchTimeLimit statefunBatchTimeLimit(StatefunProperties properties, Environment environment) {
		return BatchTimeLimit.of(properties.batchTimeout(),
				Binder.get(environment).bind("statefun.module.transport.call", Duration.class).orElse(null));
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	FailureLog statefunFailureLog() {
		return new FailureLog(InstantSource.system());
	}

	// Never lazy either: invalid settings have to stop the start-up
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	RequestReplyHandler statefunRequestReplyHandler(StatefulFunctions functions, StatefunProperties properties,
			ConfigurableListableBeanFactory beanFactory, FailureLog log, ObjectProvider<BatchListener> listeners,
			ObjectProvider<BatchObserver> observers, ObjectProvider<FailurePolicy> policies,
			ObjectProvider<ExecutionInterceptors> execution, ObjectProvider<InvocationInterceptor> interceptors,
			BatchTimeLimit timeLimit, ObjectProvider<Deadlines> deadlines) {
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions)
			.protocol(properties.protocol())
			.maxReplySize((int) properties.maxReplySize().toBytes());
		handler.interruptionListener(log::interruptionChanged);
		listeners.orderedStream().forEach(handler::listener);
		observers.orderedStream().forEach(handler::observer);
		FailurePolicy policy = PropertiesFailurePolicy.choose(policies, properties, beanFactory, functions);
		if (policy != null) {
			handler.failurePolicy(policy).listener(log.decisions());
		}
		execution.ifAvailable((own) -> own.outer().forEach(handler::interceptor));
		interceptors.orderedStream().forEach(handler::interceptor);
		execution.ifAvailable((own) -> own.inner().forEach(handler::interceptor));
		deadlines.ifAvailable(handler::deadlines);
		if (!timeLimit.forOkHttpTransport().isZero()) {
			handler.batchTimeout(timeLimit.forOkHttpTransport());
		}
		Duration invocationTimeout = properties.invocationTimeout();
		if (invocationTimeout != null) {
			requireShorter(invocationTimeout, timeLimit.longest());
			handler.invocationTimeout(invocationTimeout);
		}
		return handler.build();
	}

	private static void requireShorter(Duration invocationTimeout, Duration batchTimeout) {
		if (!batchTimeout.isZero() && invocationTimeout.compareTo(batchTimeout) >= 0) {
			throw new FailureAnalyzedException(
					"'statefun.invocation-timeout' is " + invocationTimeout
							+ "; expected a time that is shorter than 'statefun.batch-timeout', which is at most "
							+ batchTimeout + ".",
					"Set a shorter 'statefun.invocation-timeout', or a longer 'statefun.batch-timeout'.");
		}
	}

}
