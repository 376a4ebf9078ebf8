package dev.statefun.benchmarks.handler;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.statefun.benchmarks.baseline.BaselineComparison;
import dev.statefun.benchmarks.baseline.Figure;
import dev.statefun.benchmarks.baseline.Scenario;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares the handlers of this SDK and of the official one with the lazy floor, in
 * processor time and bytes, in interleaved rounds. Suitable for shared machines, where
 * the consecutive measurements of JMH are not comparable.
 */
public final class TurnsComparison {

	private TurnsComparison() {
	}

	/**
	 * Run the comparison, or one measurement of it.
	 * @param arguments {@code --rounds}, {@code --seconds}, {@code --batches} and
	 * {@code --workloads}; or, for two versions, also {@code --baseline}, {@code --limit}
	 * and {@code --bytes-limit}; or, for a measurement, {@code --subject},
	 * {@code --workload}, {@code --batches} and {@code --seconds}
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
						scenarios(workloads(settings, "COUNTER"), batches, settings.number("seconds", 3)));
		}
		else {
			compare(workloads(settings, "COUNTER,PASS_THROUGH,JSON"), settings.number("rounds", 3),
					settings.number("seconds", 8), batches);
		}
	}

	private static List<Workload> workloads(Arguments settings, String byDefault) {
		return Stream.of(settings.text("workloads", byDefault).split(",")).map(Workload::valueOf).toList();
	}

	private static List<Scenario> scenarios(List<Workload> workloads, List<Integer> batches, int seconds) {
		List<Scenario> scenarios = new ArrayList<>();
		for (Workload workload : workloads) {
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

	private static void compare(List<Workload> workloads, int rounds, int seconds, List<Integer> batches)
			throws Exception {
		Report.heading("The handler alone, interleaved");
		Report.table("Processor time and bytes of each message, medians of " + rounds + " rounds:", "function", "batch",
				"ours, ns", "official, ns", "times as fast", "[min, max]", "floor, ns", "times the floor", "ours, B",
				"official, B", "allocation");
		for (Workload workload : workloads) {
			for (int batch : batches) {
				print(workload, batch, measure(workload, batch, rounds, seconds));
			}
		}
	}

	private static Map<Subject, Costs> measure(Workload workload, int batch, int rounds, int seconds) throws Exception {
		Map<Subject, Costs> costs = new EnumMap<>(Subject.class);
		for (int round = 0; round < rounds; round++) {
			for (Subject subject : Subject.values()) {
				if (subject != Subject.FLOOR || workload == Workload.COUNTER) {
					Turn.Cost cost = Turn.fork(TurnsComparison.class, turn(subject, workload, batch, seconds));
					costs.put(subject, costs.getOrDefault(subject, Costs.none()).and(cost, batch));
				}
			}
		}
		return costs;
	}

	private static String[] turn(Subject subject, Workload workload, int batch, int seconds) {
		return new String[] { "--subject=" + subject, "--workload=" + workload, "--batches=" + batch,
				"--seconds=" + seconds };
	}

	private static void print(Workload workload, int batch, Map<Subject, Costs> costs) {
		Costs ours = costs.getOrDefault(Subject.OURS, Costs.none());
		Costs official = costs.getOrDefault(Subject.OFFICIAL, Costs.none());
		Samples times = official.nanos().dividedBy(ours.nanos());
		Costs floor = costs.get(Subject.FLOOR);
		Report.row(workload, batch, rounded(ours.nanos()), rounded(official.nanos()), ratio(times.median()),
				"[" + ratio(times.percentile(1)) + ", " + ratio(times.percentile(100)) + "]",
				(floor != null) ? rounded(floor.nanos()) : "",
				(floor != null) ? ratio(ours.nanos().dividedBy(floor.nanos()).median()) : "", rounded(ours.bytes()),
				rounded(official.bytes()), ratio(ours.bytes().dividedBy(official.bytes()).median()));
	}

	private static String rounded(Samples samples) {
		return Report.number("%.0f", samples.median());
	}

	private static String ratio(double ratio) {
		return Report.number("%.2f", ratio);
	}

	/**
	 * Costs of a message in all rounds.
	 *
	 * @param nanos processor time in nanoseconds
	 * @param bytes bytes allocated
	 */
	private record Costs(Samples nanos, Samples bytes) {

		static Costs none() {
			return new Costs(Samples.none(), Samples.none());
		}

		Costs and(Turn.Cost request, int messages) {
			return new Costs(this.nanos.and(request.nanos() / messages), this.bytes.and(request.bytes() / messages));
		}

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
