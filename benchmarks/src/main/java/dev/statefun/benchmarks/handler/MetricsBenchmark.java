package dev.statefun.benchmarks.handler;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.spring.actuate.FunctionActivity;
import dev.statefun.spring.logging.LogContext;
import dev.statefun.spring.metrics.BatchMetrics;
import dev.statefun.spring.metrics.BatchTimer;
import dev.statefun.spring.observation.BatchObservations;
import dev.statefun.spring.observation.InvocationObservations;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the cost of observing batches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetricsBenchmark {

	/** The observers of the handler. */
	@Param
	public Observer observer = Observer.NONE;

	/** Number of messages in the request. */
	@Param({ "1", "100" })
	public int batch;

	private RequestReplyHandler handler = new RequestReplyHandler(OurFunctions.registry());

	private byte[] request = {};

	@Setup
	public void observe() {
		this.handler = this.observer.addTo(RequestReplyHandler.builder(OurFunctions.registry())).build();
		this.request = Workload.COUNTER.request(this.batch);
	}

	@Benchmark
	public byte[] count() {
		return this.handler.handle(this.request).toCompletableFuture().join();
	}

	/**
	 * Sets of observers. Each is measured and reported against {@link #NONE}.
	 */
	public enum Observer {

		/** No observer. */
		NONE((builder) -> builder),

		/** All meters, with Micrometer's registry for Prometheus. */
		METERS((builder) -> builder.listener(new BatchTimer(prometheus())).listener(batchMetrics())),

		/** The same, and the listener of the actuator endpoint. */
		METERS_AND_ACTUATOR((builder) -> METERS.addTo(builder)
			.listener(new FunctionActivity(OurFunctions.registry(), InstantSource.system()))),

		/** Function, id and caller for log lines. */
		LOG_CONTEXT((builder) -> builder.observer(new LogContext())),

		/** Meters, but with observations of batches in place of the timer. */
		OBSERVATIONS((builder) -> {
			BatchObservations observations = new BatchObservations(observed(), null);
			return builder.observer(observations).listener(observations).listener(batchMetrics());
		}),

		/** The same, with an observation of each message. */
		OBSERVED_INVOCATIONS((builder) -> OBSERVATIONS.addTo(builder)
			.interceptor(new InvocationObservations(observed(), null, OurFunctions.registry(), null)));

		private final UnaryOperator<RequestReplyHandler.Builder> addition;

		Observer(UnaryOperator<RequestReplyHandler.Builder> addition) {
			this.addition = addition;
		}

		RequestReplyHandler.Builder addTo(RequestReplyHandler.Builder builder) {
			return this.addition.apply(builder);
		}

		private static PrometheusMeterRegistry prometheus() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

		private static BatchMetrics batchMetrics() {
			return new BatchMetrics(prometheus(), OurFunctions.registry(), List.of());
		}

		private static ObservationRegistry observed() {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(prometheus()));
			return registry;
		}

	}

}
