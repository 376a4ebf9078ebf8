package dev.statefun.spring.boot.autoconfigure.endpoint;

import java.time.Duration;

import dev.statefun.endpoint.BatchHandler;
import dev.statefun.endpoint.BodyLimits;
import dev.statefun.endpoint.Endpoint;
import dev.statefun.endpoint.failure.FailureLog;
import dev.statefun.endpoint.traffic.Admission;
import dev.statefun.endpoint.traffic.ArrivalLimits;
import dev.statefun.endpoint.traffic.Redeliveries;
import dev.statefun.endpoint.traffic.TrafficListener;
import dev.statefun.module.settings.BatchTimeLimit;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties;
import dev.statefun.spring.boot.autoconfigure.StatefunProperties.Redelivery;
import dev.statefun.spring.boot.autoconfigure.internal.OwnBeansFirst;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Internal: may change in any release. Configuration of the endpoint without the server
 * that serves it. Imported by the auto-configuration of each server, so that an
 * application without any has none of these beans.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public class StatefunEndpointConfiguration {

	/**
	 * Create the configuration.
	 */
	public StatefunEndpointConfiguration() {
	}

	@Bean
	static OwnBeansFirst statefunOwnEndpointBeansFirst() {
		return new OwnBeansFirst(Admission.class, Redeliveries.class, BodyLimits.class, BatchHandler.class,
				Endpoint.class);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	Admission statefunAdmission(StatefunProperties properties) {
		return new Admission(properties.maxInFlight(), maxInFlightBytes(properties), properties.queueTimeout());
	}

	private static long maxInFlightBytes(StatefunProperties properties) {
		DataSize limit = properties.maxInFlightBytes();
		return (limit != null) ? limit.toBytes()
				: Math.max(Runtime.getRuntime().maxMemory() / 4, properties.maxRequestBytes());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	Redeliveries statefunRedeliveries(StatefunProperties properties) {
		Redelivery redelivery = properties.redelivery();
		return new Redeliveries(redelivery.keep(), redelivery.keepSize().toBytes());
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	BodyLimits statefunBodyLimits(StatefunProperties properties, Admission admission) {
		return new BodyLimits(admission, properties.maxRequestBytes(),
				new ArrivalLimits(properties.readTimeout(), properties.minReadRate().toBytes(), ArrivalLimits.GRACE));
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	BatchHandler statefunBatchHandler(RequestReplyHandler handler, BatchTimeLimit timeLimit) {
		return (body, userAgent) -> {
			Duration timeout = timeLimit.forUserAgent(userAgent);
			return handler.handle(body, timeout.isZero() ? null : timeout);
		};
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	Endpoint statefunClusterEndpoint(BodyLimits bodies, Redeliveries redeliveries, FailureLog log,
			ObjectProvider<TrafficListener> listener) {
		return new Endpoint(bodies, redeliveries, log, listener.getIfUnique(() -> TrafficListener.NONE));
	}

	@Bean
	EndpointDrain statefunEndpointDrain(Admission admission, Environment environment) {
		return new EndpointDrain(admission,
				environment.getProperty("server.shutdown", ShutdownMode.class, ShutdownMode.GRACEFUL));
	}

}
