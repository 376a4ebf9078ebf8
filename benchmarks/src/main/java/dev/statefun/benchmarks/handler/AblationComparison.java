package dev.statefun.benchmarks.handler;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.statefun.benchmarks.baseline.BaselineComparison;
import dev.statefun.benchmarks.baseline.Figure;
import dev.statefun.benchmarks.baseline.Scenario;
import dev.statefun.benchmarks.fork.Version;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;
import dev.statefun.benchmarks.workload.CounterStep;
import dev.statefun.sdk.handler.RequestReplyHandler;

/**
 * Shows what each part of the counter costs: its steps, from a function that does nothing
 * to the whole counter, in processor time and interleaved rounds.
 */
public final class AblationComparison {

	private AblationComparison() {
	}

	/**
	 * Run the comparison, or one measurement of it.
	 * @param arguments {@code --rounds}, {@code --seconds}, {@code --batches}; or, for
	 * two versions, also {@code --baseline}, {@code --limit} and {@code --bytes-limit};
	 * or, for a measurement, {@code --step}, {@code --batches} and {@code --seconds}
	 * @throws Exception if a measurement fails
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "seconds", "batches", "baseline", "programs", "limit",
				"bytes-limit", "step");
		List<Integer> batches = settings.numbers("batches", "1,100");
		String step = settings.text("step", "");
		if (!step.isEmpty()) {
			System.out.println(measure(CounterStep.valueOf(step), batches.get(0), settings.number("seconds", 3)));
		}
		else if (BaselineComparison.isAskedFor(settings)) {
			BaselineComparison.of(settings)
				.run("The parts of the counter",
						batches.stream().flatMap((batch) -> scenarios(batch, settings.number("seconds", 3))).toList());
		}
		else {
			Report.heading("The parts of the counter");
			for (int batch : batches) {
				compare(settings.number("rounds", 7), settings.number("seconds", 3), batch);
			}
		}
	}

	private static Stream<Scenario> scenarios(int batch, int seconds) {
		return Stream.of(CounterStep.values())
			.map((step) -> Scenario.oneAfterTheOther(step + ", batch " + batch, (version) -> {
				Turn.Cost cost = Turn.fork(version, AblationComparison.class, turn(step, batch, seconds));
				return Map.of(Figure.CPU, cost.nanos(), Figure.ALLOCATED, cost.bytes());
			}));
	}

	private static void compare(int rounds, int seconds, int batch) throws Exception {
		Map<CounterStep, Samples> nanos = new EnumMap<>(CounterStep.class);
		Map<CounterStep, Samples> bytes = new EnumMap<>(CounterStep.class);
		for (int round = 0; round < rounds; round++) {
			for (CounterStep step : CounterStep.values()) {
				Turn.Cost cost = Turn.fork(Version.current(), AblationComparison.class, turn(step, batch, seconds));
				nanos.merge(step, Samples.none().and(cost.nanos() / batch),
						(all, one) -> all.and(cost.nanos() / batch));
				bytes.merge(step, Samples.none().and(cost.bytes() / batch),
						(all, one) -> all.and(cost.bytes() / batch));
			}
		}
		Report.table("For each message of a batch of " + batch + ", medians of " + rounds + " rounds:", "step", "ns",
				"more ns than the step before [95 %]", "B");
		Samples before = Samples.none();
		for (Map.Entry<CounterStep, Samples> step : nanos.entrySet()) {
			Samples cost = step.getValue();
			Report.row(step.getKey(), Report.number("%.0f", cost.median()),
					(step.getKey() == CounterStep.EMPTY) ? "" : cost.differenceOfMedians(before).format("%.0f"),
					Report.number("%.0f", bytes.getOrDefault(step.getKey(), Samples.none()).median()));
			before = cost;
		}
	}

	private static String[] turn(CounterStep step, int batch, int seconds) {
		return new String[] { "--step=" + step, "--batches=" + batch, "--seconds=" + seconds };
	}

	private static Turn.Cost measure(CounterStep step, int batch, int seconds) {
		RequestReplyHandler handler = new RequestReplyHandler(step.registry());
		byte[] request = step.request(batch);
		return Turn.measure(() -> handler.handle(request).toCompletableFuture().join(), seconds);
	}

}
