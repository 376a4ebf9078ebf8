package dev.statefun.benchmarks.baseline;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.fork.Version;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Compares two versions of the libraries by the ratios within rounds. Each round measures
 * every scenario with both versions. They alternate in going first, so that a machine
 * that slows down favors neither.
 */
public final class BaselineComparison {

	/** With fewer rounds the interval is too wide for limits of a few percent. */
	private static final int ROUNDS = 15;

	private final Version current = Version.current();

	private final Map<Key, Samples> samples = new HashMap<>();

	private final Version baseline;

	private final Arguments arguments;

	private final int rounds;

	private BaselineComparison(Version baseline, Arguments arguments) {
		this.baseline = baseline;
		this.arguments = arguments;
		this.rounds = arguments.number("rounds", ROUNDS);
		if (this.rounds < ROUNDS) {
			throw new IllegalArgumentException(
					"Found --rounds=%d, expected at least %d with --baseline".formatted(this.rounds, ROUNDS));
		}
	}

	/**
	 * Return whether two versions should be compared.
	 * @param arguments the arguments
	 * @return whether {@code --baseline} is present
	 * @throws IllegalArgumentException if a limit is present without it
	 */
	public static boolean isAskedFor(Arguments arguments) {
		boolean asked = arguments.has("baseline");
		for (Figure figure : Figure.values()) {
			if (!asked && arguments.has(figure.limitArgument())) {
				throw new IllegalArgumentException("Found --" + figure.limitArgument()
						+ " without --baseline=<jar>, expected both: it limits the ratio to a baseline");
			}
		}
		return asked;
	}

	/**
	 * Prepare a comparison.
	 * @param arguments {@code --baseline}, the jar of the other version;
	 * {@code --programs=baseline}, to run the programs of that jar; {@code --rounds}, at
	 * least 15; {@code --limit} and {@code --bytes-limit}, limits for the ratios to the
	 * baseline
	 * @return the comparison
	 * @throws Exception if the jar can't be read
	 */
	public static BaselineComparison of(Arguments arguments) throws Exception {
		Path jar = Path.of(arguments.text("baseline", ""));
		Version baseline = "baseline".equals(arguments.text("programs", "current"))
				? Version.baselineWithItsPrograms(jar) : Version.baseline(jar);
		return new BaselineComparison(baseline, arguments);
	}

	/**
	 * Measure both versions and print the report.
	 * @param title title of the report
	 * @param scenarios scenarios to measure
	 * @throws Exception if a measurement fails
	 */
	public void run(String title, List<Scenario> scenarios) throws Exception {
		if (scenarios.isEmpty()) {
			throw new IllegalArgumentException("There is nothing to measure: check what the arguments name");
		}
		Report.heading(title + ", against " + this.arguments.text("baseline", ""));
		for (int round = 1; round <= this.rounds; round++) {
			for (Scenario scenario : scenarios) {
				System.err.println("round " + round + " of " + this.rounds + ", " + scenario.name());
				scenario.round().measure(inOrder(round)).forEach((version, figures) -> add(scenario, version, figures));
			}
		}
		Report.table("Medians of " + this.rounds + " rounds; a ratio is that within a round:", "scenario", "figure",
				this.baseline.name(), this.current.name(), "ratio [95 %]", "limit", "verdict");
		for (Scenario scenario : scenarios) {
			for (Figure figure : Figure.values()) {
				print(scenario, figure);
			}
		}
		Report.text("Load %.2f at the end.", Report.load());
	}

	private List<Version> inOrder(int round) {
		return (round % 2 == 1) ? List.of(this.baseline, this.current) : List.of(this.current, this.baseline);
	}

	private void add(Scenario scenario, Version version, Map<Figure, Double> figures) {
		System.err.println(version.name() + ": " + figures);
		figures.forEach((figure, value) -> this.samples.merge(new Key(scenario, version, figure),
				Samples.none().and(value), (all, one) -> all.and(value)));
	}

	private void print(Scenario scenario, Figure figure) {
		Samples before = this.samples.get(new Key(scenario, this.baseline, figure));
		Samples now = this.samples.get(new Key(scenario, this.current, figure));
		if (before != null && now != null) {
			Samples.Interval ratio = now.dividedBy(before).medianInterval();
			double limit = this.arguments.decimal(figure.limitArgument(), figure.defaultLimit());
			Report.row(scenario.name(), figure, Report.number("%.0f", before.median()),
					Report.number("%.0f", now.median()), ratio.format("%.3f"), Report.number("%.3f", limit),
					ratio.against(limit));
		}
	}

	private record Key(Scenario scenario, Version version, Figure figure) {

	}

}
