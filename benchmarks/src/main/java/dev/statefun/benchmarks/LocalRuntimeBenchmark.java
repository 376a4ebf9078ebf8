package dev.statefun.benchmarks;

import java.util.concurrent.TimeUnit;

import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures messages per second through a local runtime and a function in this process,
 * from the ingress to the state, including the time to send them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class LocalRuntimeBenchmark {

	private static final int MESSAGES = 200_000;

	/** The clock of the runtime. */
	@Param({ "MANUAL", "WALL" })
	public ClockKind clock = ClockKind.MANUAL;

	/** Number of function instances that the messages go to in turn. */
	@Param({ "1000", "100000" })
	public int addresses;

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("example/count", new Counter())
		.build();

	private Address[] targets = {};

	@Setup
	public void prepareTargets() {
		this.targets = new Address[this.addresses];
		for (int i = 0; i < this.addresses; i++) {
			this.targets[i] = Address.of("example/count", "id" + i);
		}
	}

	@Benchmark
	@OperationsPerInvocation(MESSAGES)
	public int count() {
		LocalRuntime.Builder builder = LocalRuntime.of(this.functions).concurrency(2);
		try (LocalRuntime runtime = ((this.clock == ClockKind.MANUAL) ? builder.manualClock() : builder).start()) {
			for (int i = 0; i < MESSAGES; i++) {
				runtime.send(this.targets[i % this.addresses], "x");
			}
			runtime.runUntilIdle();
			return runtime.state(this.targets[0], "count", Integer.class).orElseThrow();
		}
	}

	/**
	 * Clocks of the runtime.
	 */
	public enum ClockKind {

		/** One request at a time. */
		MANUAL,

		/** Two requests at a time, while further messages arrive. */
		WALL

	}

}
