package dev.statefun.spring.metrics;

import java.time.Duration;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.KafkaEgress;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.StatefulFunctionsCustomizer;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.module.StatefunModuleAutoConfiguration;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the meters of batches, and that requests cannot create meters.
 */
class MetersTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunMetricsAutoConfiguration.class, StatefunModuleAutoConfiguration.class))
		.withUserConfiguration(Relay.class);

	@Test
	void messagesAreCountedByTypeAndOutcome() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("statefun.failure.exceptions.[java.lang.IllegalArgumentException]=skip")
			.run((context) -> {
				send(context.getBean(RequestReplyHandler.class),
						request("a").message(1).message(2).message(-1).message("example/Unheard", ByteString.EMPTY));
				send(context.getBean(RequestReplyHandler.class), request("b").message(1).message(-2));
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(invocations(registry, "io.statefun.types/int", "handled")).isEqualTo(2);
				assertThat(invocations(registry, "io.statefun.types/int", "skipped")).isEqualTo(1);
				assertThat(invocations(registry, "other", "handled")).isEqualTo(1);
				assertThat(invocations(registry, "io.statefun.types/int", "retried")).isEqualTo(2);
				assertThat(registry.get("statefun.invocations").counters()).hasSize(4);
			});
	}

	private static double invocations(MeterRegistry registry, String type, String outcome) {
		return registry.get("statefun.invocations")
			.tags("function", "test/relay", "type", type, "outcome", outcome)
			.counter()
			.count();
	}

	@Test
	void sentMessagesAreCountedByKindAndTarget() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("statefun.observations.targets=test/known",
					"statefun.module.kafka.egresses[0].id=test/out", "statefun.module.kafka.address=kafka:9092")
			.run((context) -> {
				send(context.getBean(RequestReplyHandler.class),
						request("a").messageFrom("test/known", "x", 1)
							.messageFrom("test/relay", "y", 2)
							.messageFrom("test/stranger", "z", 3));
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(messages(registry, "reply", "test/known")).isEqualTo(1);
				assertThat(messages(registry, "reply", "test/relay")).isEqualTo(1);
				assertThat(messages(registry, "reply", "other")).isEqualTo(1);
				assertThat(messages(registry, "send", "test/relay")).isEqualTo(3);
				assertThat(messages(registry, "send", "other")).isEqualTo(3);
				assertThat(messages(registry, "egress", "test/out")).isEqualTo(3);
				assertThat(messages(registry, "egress", "other")).isEqualTo(3);
				assertThat(messages(registry, "send-after", "test/known")).isEqualTo(3);
				assertThat(registry.get("statefun.messages").counters()).hasSize(8);
			});
	}

	@Test
	void typedEgressesAreNamedAsTargets() {
		this.contextRunner.withBean(SimpleMeterRegistry.class)
			.withBean(StatefulFunctionsCustomizer.class,
					() -> (functions) -> functions.egress("out", KafkaEgress.of("test/out", "out")))
			.run((context) -> {
				send(context.getBean(RequestReplyHandler.class), request("a").messageFrom("test/known", "x", 1));
				assertThat(messages(context.getBean(MeterRegistry.class), "egress", "test/out")).isEqualTo(1);
			});
	}

	private static double messages(MeterRegistry registry, String kind, String target) {
		return registry.get("statefun.messages")
			.tags("function", "test/relay", "kind", kind, "target", target)
			.counter()
			.count();
	}

	@Test
	void timersAreCountedByOutcome() {
		this.contextRunner.withUserConfiguration(Timed.class).withBean(SimpleMeterRegistry.class).run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("statefun.timers").counters()).hasSize(TimerOutcome.values().length)
				.allSatisfy((counter) -> assertThat(counter.count()).isZero());
			send(context.getBean(RequestReplyHandler.class),
					ClusterRequest.v3("test/timed", "a")
						.absentState("statefun_timers")
						.message(1)
						.message(2)
						.message(3));
			assertThat(registry.get("statefun.timers")
				.tags("function", "test/timed", "outcome", "started")
				.counter()
				.count()).isEqualTo(3);
			assertThat(registry.find("statefun.messages").tag("function", "test/timed").counter()).isNull();
		});
	}

	@Test
	void sizesAreSummedUp() {
		this.contextRunner.withBean(SimpleMeterRegistry.class).run((context) -> {
			byte[] request = request("a").message(1).message(2).toByteArray();
			byte[] reply = context.getBean(RequestReplyHandler.class).handle(request).toCompletableFuture().join();
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(summary(registry, "statefun.batch.size").totalAmount()).isEqualTo(2);
			assertThat(summary(registry, "statefun.request.size").totalAmount()).isEqualTo(request.length);
			assertThat(summary(registry, "statefun.reply.size").totalAmount()).isEqualTo(reply.length);
			// Type, mark of presence and value: a tag and a length each
			assertThat(registry.get("statefun.state.size").tag("state", "total").summary().totalAmount())
				.isEqualTo(2 + "io.statefun.types/int".length() + 2 + 2 + 5);
		});
	}

	private static DistributionSummary summary(MeterRegistry registry, String name) {
		return registry.get(name).tag("function", "test/relay").summary();
	}

	@Test
	void requestContentCreatesNoMeters() {
		this.contextRunner
			.withBean(PrometheusMeterRegistry.class, () -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))
			.withPropertyValues("statefun.failure.policy=skip")
			.run((context) -> {
				RequestReplyHandler handler = context.getBean(RequestReplyHandler.class);
				PrometheusMeterRegistry registry = context.getBean(PrometheusMeterRegistry.class);
				send(handler, 0, 10);
				List<String> before = series(registry);
				assertThat(before).hasSizeGreaterThan(20);
				send(handler, 10, 20_000);
				assertThat(series(registry)).containsExactlyInAnyOrderElementsOf(before);
			});
	}

	// Uses other ids, callers, targets, types and functions each time
	private static void send(RequestReplyHandler handler, int from, int to) {
		for (int i = from; i < to; i++) {
			send(handler,
					request("id" + i).messageFrom("stranger/f" + i, "c" + i, i)
						.message("type/T" + i, ByteString.EMPTY)
						.message(-1));
			send(handler, ClusterRequest.v3("test/unknown" + i, "a").message(1));
		}
	}

	private static List<String> series(PrometheusMeterRegistry registry) {
		return registry.scrape()
			.lines()
			.filter((line) -> !line.startsWith("#"))
			.map((line) -> line.substring(0, line.lastIndexOf(' ')))
			.toList();
	}

	private static ClusterRequest request(String id) {
		return ClusterRequest.v3("test/relay", id).intState("total", 4711);
	}

	private static void send(RequestReplyHandler handler, ClusterRequest request) {
		handler.handle(request.toByteArray()).exceptionally((ex) -> new byte[0]).toCompletableFuture().join();
	}

	/**
	 * Starts a timer for each message.
	 */
	@StatefulFunction("test/timed")
	static class Timed {

		@Handler
		void start(int number, Timers timers) {
			timers.start("timer " + number, Duration.ofSeconds(1), number);
		}

	}

	/**
	 * Sends each message to a new target and egress.
	 */
	@StatefulFunction("test/relay")
	static class Relay {

		@Handler
		void take(int amount, @Persisted("total") PersistedValue<Integer> total, Context context) {
			total.set(total.get().orElse(0) + amount);
			context.send(Address.of("test/relay", "1"), amount);
			context.send(Address.of("stranger/f" + amount, "1"), amount);
			context.sendAfter(Duration.ofSeconds(1), Address.of("test/known", "1"), amount);
			context.sendEgress("test/out", amount);
			context.sendEgress("stranger/e" + amount, amount);
			if (context.caller().isPresent()) {
				context.reply(amount);
			}
			if (amount == -1) {
				throw new IllegalArgumentException("minus one");
			}
			if (amount == -2) {
				throw new IllegalStateException("minus two");
			}
		}

		@Handler
		void other(Any message) {
		}

	}

}
