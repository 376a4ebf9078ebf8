package dev.statefun.docs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.client.FunctionClient;
import dev.statefun.spring.testing.RunningService;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A service that has updated every meter.
 *
 * @param service the service
 * @param registry its meters
 */
record MonitoredService(RunningService service, PrometheusMeterRegistry registry) implements AutoCloseable {

	static MonitoredService start(String... properties) throws Exception {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip",
				"spring.application.name=monitored", "statefun.gateway.enabled=true",
				"statefun.local-runtime.enabled=true", "statefun.local-runtime.ingress-port=0",
				"statefun.local-runtime.egress-port=0", "statefun.server.engine=netty", "statefun.server.port=0",
				RunningService.WITH_NETTY));
		RunningService service = RunningService.start(Application.class, all.toArray(new String[0]));
		for (int amount : new int[] { 1, -1, -2 }) {
			service.post(service.clusterPort(), "/statefun",
					ClusterRequest.v3("test/all", "a")
						.intState("total", 1)
						.messageFrom("test/all", "b", amount)
						.toByteArray());
		}
		service.context().getBean(FunctionClient.class).to("test/all", "a").call(1, Integer.class);
		return new MonitoredService(service, service.context().getBean(PrometheusMeterRegistry.class));
	}

	List<Meter> meters() {
		return this.registry.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("statefun."))
			.toList();
	}

	@Override
	public void close() {
		this.service.close();
	}

	@EnableAutoConfiguration
	@Configuration(proxyBeanMethods = false)
	@Import({ All.class, Timed.class })
	static class Application {

		@Bean
		PrometheusMeterRegistry registry() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

	@StatefulFunction("test/all")
	static class All {

		@Handler
		int on(int amount, @Persisted("total") PersistedValue<Integer> total, Context context) {
			if (amount == -1) {
				throw new IllegalArgumentException("skipped");
			}
			if (amount == -2) {
				throw new IllegalStateException("retried");
			}
			context.send(Address.of("test/all", "x"), amount);
			context.sendAfter(Duration.ofSeconds(1), Address.of("test/all", "x"), amount, CancellationToken.of("t"));
			context.cancelDelayed(CancellationToken.of("t"));
			context.sendEgress("test/out", amount);
			return amount;
		}

	}

	@StatefulFunction("test/timed")
	static class Timed {

		@Handler
		void on(int amount, Timers timers) {
		}

	}

}
