package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.workload.OfficialFunctions;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.slice.Slice;
import org.apache.flink.statefun.sdk.java.slice.Slices;
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
 * Compares a request through the handler of this SDK with one through that of the
 * official Java SDK: the same bytes, and equivalent replies.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SdkBenchmark {

	/** Work of the function. */
	@Param
	public Workload workload = Workload.COUNTER;

	/** Number of messages in the request. */
	@Param({ "1", "10", "100", "1000" })
	public int batch;

	private final RequestReplyHandler handler = new RequestReplyHandler(OurFunctions.registry());

	private final org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler officialHandler = OfficialFunctions
		.handler();

	private byte[] request = {};

	@Setup
	public void verify() {
		this.request = this.workload.request(this.batch);
		ReplyContent.requireSame(official().toByteArray(), ours());
	}

	@Benchmark
	public byte[] ours() {
		return this.handler.handle(this.request).toCompletableFuture().join();
	}

	// A slice is what an HTTP server passes: no server has the cost of copying it
	@Benchmark
	public Slice official() {
		return this.officialHandler.handle(Slices.wrap(this.request)).join();
	}

}
