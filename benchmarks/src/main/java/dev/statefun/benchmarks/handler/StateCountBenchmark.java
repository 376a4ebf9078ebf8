package dev.statefun.benchmarks.handler;

import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.workload.ClusterRequests;
import dev.statefun.benchmarks.workload.Names;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.PersistedValue;
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
 * Compares the cost of a request by the number of states of the function. The cluster
 * sends all of them with each request; a message reads and writes one.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class StateCountBenchmark {

	private static final String FUNCTION = "states";

	/** Number of states of the function. */
	@Param({ "1", "10", "50" })
	public int states;

	/** Number of messages in the request. */
	@Param({ "1", "100" })
	public int batch;

	private RequestReplyHandler handler = new RequestReplyHandler(StatefulFunctions.builder().build());

	private byte[] request = {};

	@Setup
	public void register() {
		FunctionSpec spec = FunctionSpec.of(Names.NAMESPACE + "/" + FUNCTION);
		for (int i = 0; i < this.states; i++) {
			spec = spec.state(Names.STATE + i, Integer.class);
		}
		this.handler = new RequestReplyHandler(StatefulFunctions.builder().register(spec, (context, message) -> {
			PersistedValue<Integer> state = context.state(Names.STATE + 0, Integer.class);
			state.set(state.get().orElse(0) + 1);
		}).build());
		this.request = ClusterRequests.withStates(FUNCTION, this.batch, this.states);
	}

	@Benchmark
	public byte[] count() {
		return this.handler.handle(this.request).toCompletableFuture().join();
	}

}
