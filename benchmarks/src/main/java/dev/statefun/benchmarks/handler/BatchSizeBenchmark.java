package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.Workload;
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
 * Compares the cost per message in small and large batches.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchSizeBenchmark {

	/** Number of messages in the request. */
	@Param({ "10", "100", "1000", "10000" })
	public int batch;

	private final RequestReplyHandler handler = new RequestReplyHandler(OurFunctions.registry());

	private byte[] request = {};

	@Setup
	public void prepare() {
		this.request = Workload.COUNTER.request(this.batch);
	}

	@Benchmark
	public byte[] count() {
		return this.handler.handle(this.request).toCompletableFuture().join();
	}

}
