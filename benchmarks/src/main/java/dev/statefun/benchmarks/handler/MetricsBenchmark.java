package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.RequestReplyHandler;
import dev.statefun.spring.metrics.BatchMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
 * What it costs to be told about each batch.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MetricsBenchmark {

	/** Who is told. */
	@Param
	public Observer observer = Observer.NONE;

	/** Messages in the request. */
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
	 * Who is told about each batch. What is added here is measured, and reported against
	 * {@link #NONE}.
	 */
	public enum Observer {

		/** Nobody. */
		NONE((builder) -> builder),

		/** Micrometer's registry for tests. */
		SIMPLE((builder) -> builder.listener(new BatchMetrics(new SimpleMeterRegistry()))),

		/** Micrometer's registry for Prometheus. */
		PROMETHEUS(
				(builder) -> builder.listener(new BatchMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))));

		private final UnaryOperator<RequestReplyHandler.Builder> addition;

		Observer(UnaryOperator<RequestReplyHandler.Builder> addition) {
			this.addition = addition;
		}

		RequestReplyHandler.Builder addTo(RequestReplyHandler.Builder builder) {
			return this.addition.apply(builder);
		}

	}

}
