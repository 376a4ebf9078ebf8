package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.statefun.benchmarks.workload.ClusterRequests;
import dev.statefun.benchmarks.workload.Names;
import dev.statefun.benchmarks.workload.OurFunctions;
import dev.statefun.benchmarks.workload.ReplyContent;
import dev.statefun.benchmarks.workload.Workload;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.registry.StatefulFunctions;
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
 * Compares the cost of a request by the number of registered functions. Requests go to
 * all functions in turn. The number of different requests is always the same, so that
 * they miss the caches alike.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 15, time = 1)
@Measurement(iterations = 5, time = 1)
public class RegistrySizeBenchmark {

	private static final int REQUESTS = 1000;

	/** Number of functions in the registry. */
	@Param({ "1", "10", "100", "1000" })
	public int functions;

	/** Number of messages in the request. */
	@Param({ "1", "100" })
	public int batch;

	private RequestReplyHandler handler = new RequestReplyHandler(StatefulFunctions.builder().build());

	private byte[][] requests = {};

	private int next;

	@Setup
	public void register() {
		StatefulFunctions.Builder builder = StatefulFunctions.builder();
		IntStream.range(0, this.functions)
			.forEach((i) -> builder.register(Names.NAMESPACE + "/" + name(i), new OurFunctions.Counter()));
		this.handler = new RequestReplyHandler(builder.build());
		this.requests = IntStream.range(0, REQUESTS)
			.mapToObj((i) -> ClusterRequests.count(name(i % this.functions), this.batch))
			.toArray(byte[][]::new);
		byte[] expected = new RequestReplyHandler(OurFunctions.registry()).handle(Workload.COUNTER.request(this.batch))
			.toCompletableFuture()
			.join();
		for (int i = 0; i < REQUESTS; i++) {
			ReplyContent.requireSame(expected, count());
		}
	}

	@Benchmark
	public byte[] count() {
		this.next = (this.next + 1) % REQUESTS;
		return this.handler.handle(this.requests[this.next]).toCompletableFuture().join();
	}

	private static String name(int function) {
		return "count%04d".formatted(function);
	}

}
