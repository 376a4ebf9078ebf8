package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.workload.LazyCounter;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
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
 * Measures the minimum cost of a request for the counter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FloorBenchmark {

	/** Number of messages in the request. */
	@Param({ "1", "10", "100", "1000" })
	public int batch;

	private byte[] request = {};

	@Setup
	public void verify() {
		this.request = Workload.COUNTER.request(this.batch);
		byte[] expected = new RequestReplyHandler(OurFunctions.registry()).handle(this.request)
			.toCompletableFuture()
			.join();
		ReplyContent.requireSame(expected, lazy());
	}

	@Benchmark
	public byte[] lazy() {
		return LazyCounter.handle(this.request);
	}

}
