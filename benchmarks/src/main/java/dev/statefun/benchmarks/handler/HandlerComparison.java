package dev.statefun.benchmarks.handler;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.workload.Workload;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the benchmarks of the handler and prints a comparison after the output of JMH.
 */
public final class HandlerComparison {

	private static final List<Integer> BATCHES = List.of(1, 10, 100, 1000);

	private final Map<String, Cost> costs = new LinkedHashMap<>();

	private HandlerComparison(Collection<RunResult> results) {
		for (RunResult result : results) {
			BenchmarkParams params = result.getParams();
			StringBuilder key = new StringBuilder(
					params.getBenchmark().substring(getClass().getPackageName().length() + 1));
			for (String name : List.of("workload", "functions", "observer", "states", "batch")) {
				if (params.getParamsKeys().contains(name)) {
					key.append(' ').append(params.getParam(name));
				}
			}
			this.costs.put(key.toString(), new Cost(result.getPrimaryResult().getScore(),
					result.getPrimaryResult().getScoreError(), allocated(result)));
		}
	}

	public static void main(String[] args) throws RunnerException {
		Arguments arguments = Arguments.of(args, "forks", "iterations", "millis");
		TimeValue time = TimeValue.milliseconds(arguments.number("millis", 1000));
		int iterations = arguments.number("iterations", 5);
		Collection<RunResult> results = new Runner(
				new OptionsBuilder().include(HandlerComparison.class.getPackageName() + "\\..*")
					.addProfiler(GCProfiler.class)
					.forks(arguments.number("forks", 2))
					.warmupIterations(iterations)
					.warmupTime(time)
					.measurementIterations(iterations)
					.measurementTime(time)
					.shouldFailOnError(true)
					.build())
			.run();
		new HandlerComparison(results).print();
	}

	private static double allocated(RunResult result) {
		for (String name : result.getSecondaryResults().keySet()) {
			if (name.endsWith("gc.alloc.rate.norm")) {
				return result.getSecondaryResults().get(name).getScore();
			}
		}
		throw new IllegalStateException("Allocation was not measured");
	}

	private void print() {
		Report.heading("The handler alone");
		Report.table("Against the official SDK, each request:", "function", "batch", "ours, ns", "official, ns", "time",
				"ours, B", "official, B", "allocation");
		for (Workload workload : Workload.values()) {
			for (int batch : BATCHES) {
				compare(workload + " | " + batch, "SdkBenchmark.ours " + workload + " " + batch,
						"SdkBenchmark.official " + workload + " " + batch);
			}
		}
		Report.table("Against the lazy floor, each request:", "function", "batch", "ours, ns", "floor, ns", "time",
				"ours, B", "floor, B", "allocation");
		for (int batch : BATCHES) {
			compare(Workload.COUNTER + " | " + batch, "SdkBenchmark.ours " + Workload.COUNTER + " " + batch,
					"FloorBenchmark.lazy " + batch);
		}
		Report.table("Each message of a batch:", "batch", "ns", "B", "time relative to 10");
		double ten = cost("BatchSizeBenchmark.count 10").nanos() / 10;
		for (int batch : List.of(10, 100, 1000, 10_000)) {
			Cost cost = cost("BatchSizeBenchmark.count " + batch);
			Report.row(batch, Report.number("%.1f", cost.nanos() / batch), Report.number("%.1f", cost.bytes() / batch),
					Report.number("%.2f", cost.nanos() / batch / ten));
		}
		Report.table("Each request beside other functions:", "functions", "batch", "ns", "B", "time relative to 1");
		for (int batch : List.of(1, 100)) {
			double one = cost("RegistrySizeBenchmark.count 1 " + batch).nanos();
			for (int functions : List.of(1, 10, 100, 1000)) {
				Cost cost = cost("RegistrySizeBenchmark.count " + functions + " " + batch);
				Report.row(functions, batch, cost.time(), Report.number("%.0f", cost.bytes()),
						Report.number("%.2f", cost.nanos() / one));
			}
		}
		Report.table("Each request with several states:", "states", "batch", "ns", "B", "more ns for each state");
		for (int batch : List.of(1, 100)) {
			double one = cost("StateCountBenchmark.count 1 " + batch).nanos();
			for (int states : List.of(1, 10, 50)) {
				Cost cost = cost("StateCountBenchmark.count " + states + " " + batch);
				Report.row(states, batch, cost.time(), Report.number("%.0f", cost.bytes()),
						(states > 1) ? Report.number("%.0f", (cost.nanos() - one) / (states - 1)) : "");
			}
		}
		Report.table("Each request with an observer:", "variant", "batch", "ns", "B", "more ns", "more B",
				"time relative to NONE");
		for (int batch : List.of(1, 100)) {
			Cost without = cost("MetricsBenchmark.count NONE " + batch);
			for (MetricsBenchmark.Observer observer : MetricsBenchmark.Observer.values()) {
				Cost cost = cost("MetricsBenchmark.count " + observer + " " + batch);
				Report.row(observer, batch, cost.time(), Report.number("%.0f", cost.bytes()),
						Report.number("%.0f", cost.nanos() - without.nanos()),
						Report.number("%.0f", cost.bytes() - without.bytes()),
						Report.number("%.2f", cost.nanos() / without.nanos()));
			}
		}
	}

	private void compare(String name, String ours, String other) {
		Cost one = cost(ours);
		Cost two = cost(other);
		Report.row(name, one.time(), two.time(), Report.number("%.2f", one.nanos() / two.nanos()),
				Report.number("%.0f", one.bytes()), Report.number("%.0f", two.bytes()),
				Report.number("%.2f", one.bytes() / two.bytes()));
	}

	private Cost cost(String key) {
		Cost cost = this.costs.get(key);
		if (cost == null) {
			throw new IllegalStateException("Not measured: " + key + "; measured: " + this.costs.keySet());
		}
		return cost;
	}

	/**
	 * Cost of a request.
	 *
	 * @param nanos time in nanoseconds
	 * @param error half the width of its 99.9 % interval
	 * @param bytes bytes allocated
	 */
	private record Cost(double nanos, double error, double bytes) {

		private String time() {
			return Report.number("%.0f", this.nanos) + " ± " + Report.number("%.0f", this.error);
		}

	}

}
