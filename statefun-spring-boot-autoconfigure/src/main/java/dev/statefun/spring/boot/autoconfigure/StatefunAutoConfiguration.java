package dev.statefun.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.BatchListener;
import dev.statefun.sdk.FailurePolicy;
import dev.statefun.sdk.InvocationInterceptor;
import dev.statefun.sdk.RequestReplyHandler;
import dev.statefun.sdk.StatefulFunctions;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.spring.FunctionBeanDiscoverer;
import dev.statefun.spring.StatefulFunctionsCustomizer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the registry of stateful functions and the handler that answers
 * for them.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "statefun.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StatefunProperties.class)
public final class StatefunAutoConfiguration {

	// Never lazy: what is wrong with a function has to stop the start-up, not a message
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	StatefulFunctions statefulFunctions(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<MessageCodecFactory> codecs, ObjectProvider<JsonEncoder> json,
			ObjectProvider<StatefulFunctionsCustomizer> customizers) {
		StatefulFunctions.Builder functions = StatefulFunctions.builder();
		codecs.orderedStream().forEach(functions::codecs);
		json.ifUnique(functions::json);
		new FunctionBeanDiscoverer(beanFactory).registerAll(functions);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(functions));
		return functions.build();
	}

	@Bean
	@ConditionalOnMissingBean
	RequestReplyHandler statefunRequestReplyHandler(StatefulFunctions functions, StatefunProperties properties,
			ObjectProvider<BatchListener> listeners, ObjectProvider<FailurePolicy> policy,
			ExecutionInterceptors execution, ObjectProvider<InvocationInterceptor> interceptors) {
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions).protocol(properties.protocol());
		listeners.orderedStream().forEach(handler::listener);
		policy.ifUnique(handler::failurePolicy);
		List<InvocationInterceptor> ordered = new ArrayList<>(execution.interceptors());
		interceptors.forEach(ordered::add);
		AnnotationAwareOrderComparator.sort(ordered);
		ordered.forEach(handler::interceptor);
		if (!properties.batchTimeout().isZero()) {
			handler.batchTimeout(properties.batchTimeout());
		}
		return handler.build();
	}

	@Bean
	@ConditionalOnMissingBean
	ServedFunctionsReport statefunServedFunctionsReport(StatefulFunctions functions,
			ObjectProvider<EndpointLocation> location) {
		return new ServedFunctionsReport(functions, location.getIfAvailable());
	}

}
