package dev.statefun.benchmarks.handler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.statefun.benchmarks.baseline.BaselineComparison;
import dev.statefun.benchmarks.baseline.Figure;
import dev.statefun.benchmarks.baseline.Scenario;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares the handlers of this SDK and of the official one with the lazy floor, in
 * processor time and interleaved rounds. Suitable for shared machines, where the
 * consecutive measurements of JMH are not comparable.
 */
public final class TurnsComparison {

	private TurnsComparison() {
	}

	/**
	 * Run the comparison, or one measurement of it.
	 * @param arguments {@code --rounds}, {@code --seconds}, {@code --batches}; or, for
	 * two versions, also {@code --baseline}, {@code --limit}, {@code --bytes-limit} and
	 * {@code --workloads}; or, for a measurement, {@code --subject}, {@code --workload},
	 * {@code --batches} and {@code --seconds}
	 * @throws Exception if a measurement fails
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "seconds", "batches", "baseline", "programs", "limit",
				"bytes-limit", "workloads", "subject", "workload");
		List<Integer> batches = settings.numbers("batches", "1,100");
		String subject = settings.text("subject", "");
		if (!subject.isEmpty()) {
			Supplier<?> request = Subject.valueOf(subject)
				.request(Workload.valueOf(settings.text("workload", "COUNTER")), batches.get(0));
			System.out.println(Turn.measure(request, settings.number("seconds", 8)));
		}
		else if (BaselineComparison.isAskedFor(settings)) {
			BaselineComparison.of(settings)
				.run("The handler alone",
						scenarios(settings.text("workloads", "COUNTER"), batches, settings.number("seconds", 3)));
		}
		else {
			compare(settings.number("rounds", 3), settings.number("seconds", 8), batches);
		}
	}

	private static List<Scenario> scenarios(String workloads, List<Integer> batches, int seconds) {
		List<Scenario> scenarios = new ArrayList<>();
		for (String name : workloads.split(",")) {
			Workload workload = Workload.valueOf(name);
			for (int batch : batches) {
				scenarios.add(Scenario.oneAfterTheOther(workload + ", batch " + batch, (version) -> {
					Turn.Cost cost = Turn.fork(version, TurnsComparison.class,
							turn(Subject.OURS, workload, batch, seconds));
					return Map.of(Figure.CPU, cost.nanos(), Figure.ALLOCATED, cost.bytes());
				}));
			}
		}
		return scenarios;
	}

	private static void compare(int rounds, int seconds, List<Integer> batches) throws Exception {
		Report.heading("The handler alone, interleaved");
		Report.table("Processor time of each request, medians of " + rounds + " rounds:", "function", "batch",
				"ours, ns", "official, ns", "times as fast", "floor, ns", "times the floor");
		for (Workload workload : Workload.values()) {
			for (int batch : batches) {
				print(workload, batch, measure(workload, batch, rounds, seconds));
			}
		}
	}

	private static Map<Subject, Samples> measure(Workload workload, int batch, int rounds, int seconds)
			throws Exception {
		Map<Subject, Samples> samples = new TreeMap<>();
		for (int round = 0; round < rounds; round++) {
			for (Subject subject : Subject.values()) {
				if (subject != Subject.FLOOR || workload == Workload.COUNTER) {
					double nanos = Turn.fork(TurnsComparison.class, turn(subject, workload, batch, seconds)).nanos();
					samples.merge(subject, Samples.none().and(nanos), (all, one) -> all.and(nanos));
				}
			}
		}
		return samples;
	}

	private static String[] turn(Subject subject, Workload workload, int batch, int seconds) {
		return new String[] { "--subject=" + subject, "--workload=" + workload, "--batches=" + batch,
				"--seconds=" + seconds };
	}

	private static void print(Workload workload, int batch, Map<Subject, Samples> samples) {
		double ours = median(samples, Subject.OURS);
		double official = median(samples, Subject.OFFICIAL);
		double floor = median(samples, Subject.FLOOR);
		Report.row(workload, batch, Report.number("%.0f", ours), Report.number("%.0f", official),
				Report.number("%.2f", official / ours), Double.isNaN(floor) ? "" : Report.number("%.0f", floor),
				Double.isNaN(floor) ? "" : Report.number("%.2f", ours / floor));
	}

	private static double median(Map<Subject, Samples> samples, Subject subject) {
		return samples.getOrDefault(subject, Samples.none()).median();
	}

	private enum Subject {

		OURS, OFFICIAL, FLOOR;

		private Supplier<?> request(Workload workload, int batch) {
			if (this == FLOOR) {
				FloorBenchmark floor = new FloorBenchmark();
				floor.batch = batch;
				floor.verify();
				return floor::lazy;
			}
			SdkBenchmark handlers = new SdkBenchmark();
			handlers.workload = workload;
			handlers.batch = batch;
			handlers.verify();
			return (this == OURS) ? handlers::ours : handlers::official;
		}

	}

}
