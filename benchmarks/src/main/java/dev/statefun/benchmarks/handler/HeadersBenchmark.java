package dev.statefun.benchmarks.handler;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.workload.ClusterRequests;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.sdk.handler.RequestReplyHandler;
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
 * Measures the cost of headers: a counter without any, with three headers that it
 * ignores, and with three that go on to its reply and its record.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadersBenchmark {

	private static final List<String> KEYS = List.of("tenant", "zone", "traceparent");

	/** Number of messages in the request. */
	@Param({ "1", "100" })
	public int batch;

	private final RequestReplyHandler handler = new RequestReplyHandler(OurFunctions.registry());

	private final RequestReplyHandler propagating = RequestReplyHandler.builder(OurFunctions.registry())
		.propagateHeaders(KEYS)
		.build();

	private byte[] plain = {};

	private byte[] headed = {};

	@Setup
	public void create() {
		this.plain = ClusterRequests.count("count", this.batch);
		this.headed = ClusterRequests.countWithHeaders("count", this.batch, KEYS);
		int added = propagated().length - ignored().length;
		if (added < this.batch * 3 * 20) {
			throw new IllegalStateException("Only " + added + " bytes of headers went on");
		}
	}

	@Benchmark
	public byte[] none() {
		return this.handler.handle(this.plain).toCompletableFuture().join();
	}

	@Benchmark
	public byte[] ignored() {
		return this.handler.handle(this.headed).toCompletableFuture().join();
	}

	@Benchmark
	public byte[] propagated() {
		return this.propagating.handle(this.headed).toCompletableFuture().join();
	}

}
