package dev.statefun.spring.observation;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.StatefulFunction;
import dev.statefun.spring.boot.autoconfigure.StatefunAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.metrics.StatefunMetricsAutoConfiguration;
import dev.statefun.spring.boot.autoconfigure.observation.StatefunObservationAutoConfiguration;
import dev.statefun.spring.metrics.BatchTimer;
import dev.statefun.testing.ClusterRequest;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for observations of batches and messages in an application.
 */
class ObservationsTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(StatefunAutoConfiguration.class,
				StatefunMetricsAutoConfiguration.class, StatefunObservationAutoConfiguration.class))
		.withUserConfiguration(Adder.class);

	private final ApplicationContextRunner observed = this.contextRunner.withBean(TestObservationRegistry.class,
			TestObservationRegistry::create);

	@Test
	void handledBatchIsObserved() {
		this.observed.run((context) -> {
			send(context.getBean(RequestReplyHandler.class), request().message(1).message(2));
			batch(context.getBean(TestObservationRegistry.class)).hasLowCardinalityKeyValue("function", "test/adder")
				.hasLowCardinalityKeyValue("outcome", "replied")
				.hasHighCardinalityKeyValue("statefun.id", "a")
				.hasHighCardinalityKeyValue("statefun.invocations", "2")
				.hasContextualNameEqualTo("batch test/adder")
				.doesNotHaveError();
		});
	}

	@Test
	void retriedBatchIsObservedWithItsError() {
		this.observed.run((context) -> {
			send(context.getBean(RequestReplyHandler.class), request().message(-1));
			batch(context.getBean(TestObservationRegistry.class)).hasLowCardinalityKeyValue("function", "test/adder")
				.hasLowCardinalityKeyValue("outcome", "retried")
				.assertThatError()
				.isInstanceOf(InvocationFailedException.class);
		});
	}

	@Test
	void batchWithMissingStatesIsObserved() {
		this.observed.run((context) -> {
			send(context.getBean(RequestReplyHandler.class), ClusterRequest.v3("test/adder", "a").message(1));
			batch(context.getBean(TestObservationRegistry.class)).hasLowCardinalityKeyValue("function", "test/adder")
				.hasLowCardinalityKeyValue("outcome", "missing-state")
				.hasHighCardinalityKeyValue("statefun.id", "none")
				.doesNotHaveError();
		});
	}

	@Test
	void requestForAnUnknownFunctionIsObservedWithoutItsName() {
		this.observed.run((context) -> {
			send(context.getBean(RequestReplyHandler.class), ClusterRequest.v3("test/unknown", "a").message(1));
			batch(context.getBean(TestObservationRegistry.class)).hasLowCardinalityKeyValue("function", "unknown")
				.hasLowCardinalityKeyValue("outcome", "refused")
				.assertThatError()
				.isInstanceOf(RequestRefusedException.class);
		});
	}

	private static TestObservationRegistryAssert.TestObservationRegistryAssertReturningObservationContextAssert batch(
			TestObservationRegistry registry) {
		return TestObservationRegistryAssert.assertThat(registry)
			.hasNumberOfObservationsWithNameEqualTo("statefun.batch", 1)
			.hasObservationWithNameEqualTo("statefun.batch")
			.that()
			.hasBeenStarted()
			.hasBeenStopped()
			.backToTestObservationRegistry()
			.hasObservationWithNameEqualTo("statefun.batch")
			.that();
	}

	@Test
	void batchIsTheCurrentObservationOnAllHandlerThreads() {
		this.observed.run((context) -> {
			ObservationRegistry registry = context.getBean(ObservationRegistry.class);
			Adder adder = context.getBean(Adder.class);
			adder.registry = registry;
			CompletableFuture<Object> pending = new CompletableFuture<>();
			adder.pending = pending;
			CompletionStage<byte[]> reply = context.getBean(RequestReplyHandler.class)
				.handle(request().message(0).message(1).toByteArray());
			assertThat(registry.getCurrentObservation()).isNull();
			Thread other = new Thread(() -> pending.complete(null));
			other.start();
			other.join();
			reply.toCompletableFuture().join();
			assertThat(adder.seen).hasSize(2).allSatisfy((seen) -> assertThat(seen).isEqualTo("statefun.batch"));
		});
	}

	@Test
	void customConventionNamesTheBatches() {
		this.observed.withBean(BatchObservationConvention.class, Renamed::new).run((context) -> {
			send(context.getBean(RequestReplyHandler.class), request().message(1));
			TestObservationRegistryAssert.assertThat(context.getBean(TestObservationRegistry.class))
				.hasObservationWithNameEqualTo("own.batch");
		});
	}

	@Test
	void messagesAreObservedIfEnabled() {
		this.observed.withPropertyValues("statefun.observations.invocations=true").run((context) -> {
			send(context.getBean(RequestReplyHandler.class), request().messageFrom("test/other", "x", 1).message(2));
			TestObservationRegistryAssert.assertThat(context.getBean(TestObservationRegistry.class))
				.hasNumberOfObservationsWithNameEqualTo("statefun.invocation", 2)
				.hasObservationWithNameEqualTo("statefun.invocation")
				.that()
				.hasLowCardinalityKeyValue("function", "test/adder")
				.hasLowCardinalityKeyValue("type", "io.statefun.types/int")
				.hasHighCardinalityKeyValue("statefun.id", "a")
				.hasHighCardinalityKeyValue("statefun.caller", "test/other/x")
				.hasParentObservationContextMatching((parent) -> "statefun.batch".equals(parent.getName()));
		});
	}

	@Test
	void wrappedFailureIsObservedWithItsCause() {
		this.observed.withPropertyValues("statefun.observations.invocations=true").run((context) -> {
			send(context.getBean(RequestReplyHandler.class), request().message(Adder.WRAPPED));
			TestObservationRegistryAssert.assertThat(context.getBean(TestObservationRegistry.class))
				.hasObservationWithNameEqualTo("statefun.invocation")
				.that()
				.thenError()
				.isInstanceOf(IOException.class);
		});
	}

	@Test
	void messagesAreNotObservedByDefault() {
		this.observed.run((context) -> assertThat(context).hasSingleBean(BatchObservations.class)
			.doesNotHaveBean(InvocationObservations.class));
	}

	@Test
	void withMetersOnlyBatchesAreTimedButNotObserved() {
		metered().run((context) -> {
			assertThat(context).doesNotHaveBean(BatchObservations.class).hasSingleBean(BatchTimer.class);
			send(context.getBean(RequestReplyHandler.class), request().message(1));
			assertTimed(context.getBean(MeterRegistry.class));
		});
	}

	@Test
	void observedBatchesAreTimedUnderTheSameNameAndTags() {
		metered().withBean(Observer.class).run((context) -> {
			assertThat(context).hasSingleBean(BatchObservations.class).doesNotHaveBean(BatchTimer.class);
			send(context.getBean(RequestReplyHandler.class), request().message(1));
			assertTimed(context.getBean(MeterRegistry.class));
			assertThat(context.getBean(Observer.class).names).containsExactly("statefun.batch");
		});
	}

	@Test
	void batchesCanBeObservedWithMetersOnly() {
		metered().withPropertyValues("statefun.observations.batches=true")
			.run((context) -> assertThat(context).hasSingleBean(BatchObservations.class)
				.doesNotHaveBean(BatchTimer.class));
	}

	@Test
	void observationOfBatchesCanBeDisabled() {
		this.observed.withPropertyValues("statefun.observations.batches=false")
			.run((context) -> assertThat(context).doesNotHaveBean(BatchObservations.class));
	}

	private ApplicationContextRunner metered() {
		return this.contextRunner.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class);
	}

	private static void assertTimed(MeterRegistry registry) {
		assertThat(registry.get("statefun.batch")
			.tags("function", "test/adder", "outcome", "replied", "error", "none")
			.timer()
			.count()).isEqualTo(1);
		assertThat(registry.get("statefun.batch").timers()).hasSize(1);
	}

	@Test
	void tracedMessagesHaveSpansWithFunctionAndId() {
		InMemorySpanExporter spans = InMemorySpanExporter.create();
		metered()
			.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
					OpenTelemetryTracingAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
			.withBean(SpanProcessor.class, () -> SimpleSpanProcessor.create(spans))
			.withPropertyValues("management.tracing.sampling.probability=1.0")
			.run((context) -> {
				send(context.getBean(RequestReplyHandler.class),
						request().messageFrom("test/other", "x", 1).message(2).message(-1));
				List<SpanData> messages = spans.getFinishedSpanItems()
					.stream()
					.filter((span) -> span.getName().equals("invoke test/adder"))
					.toList();
				SpanData batch = spans.getFinishedSpanItems()
					.stream()
					.filter((span) -> span.getName().equals("batch test/adder"))
					.findFirst()
					.orElseThrow();
				assertThat(messages).hasSize(3).allSatisfy((span) -> {
					assertThat(span.getAttributes().get(AttributeKey.stringKey("function"))).isEqualTo("test/adder");
					assertThat(span.getAttributes().get(AttributeKey.stringKey("statefun.id"))).isEqualTo("a");
					assertThat(span.getParentSpanId()).isEqualTo(batch.getSpanId());
				});
				assertThat(messages)
					.extracting((span) -> span.getAttributes().get(AttributeKey.stringKey("statefun.caller")))
					.containsExactly("test/other/x", "none", "none");
				assertThat(messages.get(2).getEvents()).isNotEmpty();
			});
	}

	private static ClusterRequest request() {
		return ClusterRequest.v3("test/adder", "a").intState("total", 1);
	}

	private static void send(RequestReplyHandler handler, ClusterRequest request) {
		handler.handle(request.toByteArray()).exceptionally((ex) -> new byte[0]).toCompletableFuture().join();
	}

	/**
	 * Adds up amounts, waits for a zero, and rejects negative ones.
	 */
	@StatefulFunction("test/adder")
	static class Adder {

		private static final int WRAPPED = -2;

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private ObservationRegistry registry = ObservationRegistry.NOOP;

		private CompletionStage<Object> pending = CompletableFuture.completedFuture(null);

		@Handler
		CompletionStage<Object> add(int amount, @Persisted("total") PersistedValue<Integer> total) {
			if (amount == WRAPPED) {
				throw new UndeclaredThrowableException(new IOException("inside"));
			}
			if (amount < 0) {
				throw new IllegalArgumentException("negative");
			}
			Observation current = this.registry.getCurrentObservation();
			this.seen.add((current != null) ? String.valueOf(current.getContext().getName()) : "none");
			total.set(total.get().orElse(0) + amount);
			return (amount > 0) ? CompletableFuture.completedFuture(null) : this.pending;
		}

	}

	/**
	 * Convention with another name for batches.
	 */
	static class Renamed extends DefaultBatchObservationConvention {

		@Override
		public String getName() {
			return "own.batch";
		}

		@Override
		public KeyValues getHighCardinalityKeyValues(BatchObservationContext context) {
			return KeyValues.empty();
		}

	}

	/**
	 * Observer unrelated to meters.
	 */
	static class Observer implements ObservationHandler<Observation.Context> {

		private final List<String> names = new CopyOnWriteArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.names.add(String.valueOf(context.getName()));
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
