package dev.statefun.spring.boot.autoconfigure;

import java.time.Duration;
import java.time.InstantSource;

import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.InvocationInterceptor;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchObserver;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.RequestReplyHandlerCustomizer;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.internal.Customizers;
import dev.statefun.spring.boot.autoconfigure.internal.OwnBeansFirst;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
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
@EnableConfigurationProperties({ StatefunProperties.class, StatefunHeadersProperties.class })
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
		Customizers.call(customizers, (customizer) -> customizer.customize(functions));
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

	// Not read if a parent context has a policy of its own. Null if all functions
	// retry, because a policy has a cost per message
	@Bean
	@Fallback
	@Lazy
	@ConditionalOnMissingBean(value = FailurePolicy.class, search = SearchStrategy.CURRENT)
	@Nullable PropertiesFailurePolicy statefunFailurePolicy(StatefunProperties properties, StatefulFunctions functions,
			ConfigurableListableBeanFactory beanFactory) {
		return PropertiesFailurePolicy.of(properties, FunctionBeans.of(beanFactory).failureDecisions(), functions,
				beanFactory.getBeanClassLoader(), InstantSource.system());
	}

	// Never lazy either: invalid settings have to stop the start-up
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	RequestReplyHandler statefunRequestReplyHandler(StatefulFunctions functions, StatefunProperties properties,
			StatefunHeadersProperties headers, Environment environment, FailureLog log,
			ObjectProvider<BatchListener> listeners, ObjectProvider<BatchObserver> observers,
			ObjectProvider<FailurePolicy> policy, ObjectProvider<InvocationInterceptor> interceptors,
			ObjectProvider<RequestReplyHandlerCustomizer> customizers) {
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions)
			.protocol(properties.protocol())
			.maxReplySize((int) properties.maxReplySize().toBytes())
			.interruptionListener(log::interruptionChanged);
		listeners.orderedStream().forEach(handler::listener);
		observers.orderedStream().forEach(handler::observer);
		headers.applyTo(handler, environment);
		policy.ifAvailable((chosen) -> handler.failurePolicy(chosen).listener(log.decisions()));
		interceptors.orderedStream().forEach(handler::interceptor);
		Customizers.call(customizers, (customizer) -> customizer.customize(handler));
		return handler.build();
	}

}
