package dev.statefun.spring.boot.autoconfigure.gateway;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.gateway.GatewayTransport;
import dev.statefun.spring.gateway.client.GatewayClient;
import dev.statefun.spring.gateway.client.GatewayRequests;
import dev.statefun.spring.gateway.client.GatewayRequestsListener;
import dev.statefun.spring.gateway.client.GatewayThreads;
import dev.statefun.spring.gateway.client.RequestObserver;
import dev.statefun.spring.gateway.function.GatewayFunction;
import dev.statefun.spring.gateway.function.GatewayListener;
import dev.statefun.spring.gateway.function.GatewaySettings;
import dev.statefun.spring.metrics.GatewayMeters;
import dev.statefun.spring.observation.ClientRequestObservationConvention;
import dev.statefun.spring.observation.ClientRequestObservations;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} for the gateway, through which clients outside of the cluster reach
 * functions, and for the client for functions.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = StatefunAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration" })
@Conditional(OnGatewayCondition.class)
@ConditionalOnBean(value = StatefulFunctions.class, search = SearchStrategy.CURRENT)
@EnableConfigurationProperties({ StatefunGatewayProperties.class, StatefunClientProperties.class })
public final class StatefunGatewayAutoConfiguration {

	@Bean
	GatewayNames statefunGatewayNames(StatefunGatewayProperties gateway, StatefunClientProperties client,
			Environment environment) {
		return GatewayNames.of(gateway, client, environment);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("statefun.gateway.enabled")
	static class FunctionConfiguration {

		// The transport knows the topic of this application's own clients
		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewaySettings statefunGatewaySettings(StatefunGatewayProperties properties, GatewayNames names,
				ObjectProvider<GatewayTransport> transport) {
			Set<String> replyTopics = new HashSet<>(properties.replyTopics());
			transport.ifAvailable((own) -> replyTopics.add(own.replyDestination().topic()));
			return new GatewaySettings(Objects.requireNonNull(names.own()), replyTopics,
					(int) properties.maxRequestSize().toBytes(), (int) properties.maxReplySize().toBytes(),
					properties.keep());
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewayFunction statefunGatewayFunction(GatewaySettings settings, StatefunGatewayProperties properties,
				StatefunProperties statefun, ObjectProvider<StatefulFunctions> functions,
				ObjectProvider<GatewayListener> listeners) {
			List<GatewayListener> all = listeners.orderedStream().toList();
			GatewayFunction function = new GatewayFunction(settings,
					new ReachableFunctions(functions::getObject, properties.targets()),
					(event, target) -> all.forEach((listener) -> listener.happened(event, target)),
					InstantSource.system());
			// Stops the start-up if the limits do not fit together
			function.maxBatch(statefun.maxRequestBytes(), statefun.maxReplySize().toBytes());
			return function;
		}

		@Bean
		StatefulFunctionsCustomizer statefunGatewayFunctionCustomizer(GatewayFunction function) {
			return (functions) -> functions.register(function.spec(), function);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(value = GatewayTransport.class, search = SearchStrategy.CURRENT)
	static class ClientConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewayThreads statefunGatewayThreads(Environment environment) {
			return Threading.VIRTUAL.isActive(environment) ? GatewayThreads.virtual() : GatewayThreads.platform();
		}

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewayRequests statefunGatewayRequests(GatewayTransport transport, StatefunGatewayProperties gateway,
				StatefunClientProperties client, GatewayThreads threads,
				ObjectProvider<GatewayRequestsListener> listeners, ObjectProvider<RequestObserver> observers) {
			List<GatewayRequestsListener> all = listeners.orderedStream().toList();
			return new GatewayRequests(transport, () -> all.forEach(GatewayRequestsListener::unexpectedReply),
					RequestObserver.of(observers.orderedStream().toList()), (int) gateway.maxRequestSize().toBytes(),
					client.maxWaiting(), threads);
		}

		@Bean
		@ConditionalOnMissingBean(value = FunctionClient.class, search = SearchStrategy.CURRENT)
		GatewayClient statefunFunctionClient(GatewayRequests requests, StatefulFunctions functions,
				StatefunClientProperties properties) {
			return new GatewayClient(requests, functions, properties.timeout(), InstantSource.system());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBean(MeterRegistry.class)
	static class MetersConfiguration {

		@Bean
		@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
		GatewayMeters statefunGatewayMeters(MeterRegistry registry) {
			return new GatewayMeters(registry);
		}

		@Bean
		@ConditionalOnBean(value = GatewayTransport.class, search = SearchStrategy.CURRENT)
		MeterBinder statefunClientMeters(ObjectProvider<GatewayRequests> requests) {
			// A registry that is created lazily is bound while the requests, which have
			// meters themselves, are created
			return (registry) -> Gauge
				.builder("statefun.client.waiting", requests, (provider) -> provider.getObject().waiting())
				.strongReference(true)
				.description("Requests that wait for a reply")
				.register(registry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	static class ObservationConfiguration {

		@Bean
		@ConditionalOnMissingBean(value = RequestObserver.class, search = SearchStrategy.CURRENT)
		ClientRequestObservations statefunClientRequestObservations(ObservationRegistry registry,
				ObjectProvider<ClientRequestObservationConvention> convention) {
			return new ClientRequestObservations(registry, convention.getIfAvailable());
		}

	}

}
