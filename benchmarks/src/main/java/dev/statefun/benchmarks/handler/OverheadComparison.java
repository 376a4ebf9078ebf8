package dev.statefun.benchmarks.handler;

import java.util.EnumMap;
import java.util.Map;

import dev.statefun.benchmarks.handler.MetricsBenchmark.Observer;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Measures the cost of observing batches, in processor time and interleaved rounds: in
 * each round every observer has a JVM of its own.
 */
public final class OverheadComparison {

	private static final int[] BATCHES = { 1, 100 };

	private OverheadComparison() {
	}

	/**
	 * Run the comparison, or one measurement of it.
	 * @param arguments {@code --rounds}, {@code --seconds}; or, for a measurement,
	 * {@code --observer}, {@code --batch} and {@code --seconds}
	 * @throws Exception if a measurement fails
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "seconds", "observer", "batch");
		int seconds = settings.number("seconds", 8);
		String observer = settings.text("observer", "");
		if (observer.isEmpty()) {
			compare(settings.number("rounds", 3), seconds);
		}
		else {
			System.out.println(measure(Observer.valueOf(observer), settings.number("batch", 1), seconds));
		}
	}

	private static void compare(int rounds, int seconds) throws Exception {
		Report.heading("Overhead of observability");
		for (int batch : BATCHES) {
			Map<Observer, Samples> samples = new EnumMap<>(Observer.class);
			for (int round = 0; round < rounds; round++) {
				for (Observer observer : Observer.values()) {
					double nanos = Turn
						.fork(OverheadComparison.class, "--observer=" + observer, "--batch=" + batch,
								"--seconds=" + seconds)
						.nanos();
					samples.merge(observer, Samples.none().and(nanos), (all, one) -> all.and(nanos));
				}
			}
			Samples without = samples.getOrDefault(Observer.NONE, Samples.none());
			Report.table("A batch of " + batch + ", processor time, medians of " + rounds + " rounds:", "variant", "ns",
					"more ns [95 %]", "time relative to NONE");
			samples.forEach((observer, nanos) -> Report.row(observer, Report.number("%.0f", nanos.median()),
					nanos.differenceOfMedians(without).format("%.0f"),
					Report.number("%.2f", nanos.median() / without.median())));
		}
	}

	private static Turn.Cost measure(Observer observer, int batch, int seconds) {
		MetricsBenchmark benchmark = new MetricsBenchmark();
		benchmark.observer = observer;
		benchmark.batch = batch;
		benchmark.observe();
		return Turn.measure(benchmark::count, seconds);
	}

}
