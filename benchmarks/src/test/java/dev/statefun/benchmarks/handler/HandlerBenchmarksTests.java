package dev.statefun.benchmarks.handler;

import java.util.Collection;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each benchmark once in this JVM: the figures are meaningless, but the benchmarks
 * verify the replies before they start.
 */
class HandlerBenchmarksTests {

	@Test
	void repliesEqualThoseOfTheOfficialSdk() throws RunnerException {
		assertThat(runOnce("SdkBenchmark", "1", "100")).hasSize(12);
	}

	@Test
	void floorCountsLikeTheFunction() throws RunnerException {
		assertThat(runOnce("FloorBenchmark", "1", "1000")).hasSize(2);
	}

	@Test
	void eachOfManyFunctionsIsFound() throws RunnerException {
		assertThat(runOnce("RegistrySizeBenchmark", "1")).hasSize(4);
	}

	@Test
	void batchesOfAllSizesAndObserversRun() throws RunnerException {
		assertThat(runOnce("BatchSizeBenchmark", "10000")).hasSize(1);
		assertThat(runOnce("StateCountBenchmark", "100")).hasSize(3);
		assertThat(runOnce("MetricsBenchmark", "1")).hasSize(MetricsBenchmark.Observer.values().length);
	}

	private static Collection<RunResult> runOnce(String benchmark, String... batches) throws RunnerException {
		return new Runner(new OptionsBuilder().include("\\.handler\\." + benchmark + "\\.")
			.param("batch", batches)
			.forks(0)
			.warmupIterations(0)
			.measurementIterations(1)
			.measurementTime(TimeValue.milliseconds(1))
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT)
			.build()).run();
	}

}
