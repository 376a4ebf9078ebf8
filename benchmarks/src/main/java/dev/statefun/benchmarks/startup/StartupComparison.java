package dev.statefun.benchmarks.startup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Measures how much the starter adds to the start of an application with Spring MVC, in
 * time and memory, by number of functions. Each application starts once in a round.
 */
public final class StartupComparison {

	private static final double AIM_MILLIS = 60;

	private StartupComparison() {
	}

	/**
	 * Run the comparison.
	 * @param arguments {@code --rounds}, {@code --functions}
	 * @throws Exception if an application does not start
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "functions");
		compare(settings.number("rounds", 20), settings.numbers("functions", "1,100,1000"));
	}

	private static void compare(int rounds, List<Integer> counts) throws Exception {
		Report.heading("Start-up");
		Map<Application, Figures> figures = new LinkedHashMap<>();
		for (Application application : applications(counts)) {
			figures.put(application, new Figures());
		}
		try (Applications applications = Applications
			.generate(counts.stream().mapToInt(Integer::intValue).max().orElse(0))) {
			for (int round = 1; round <= rounds; round++) {
				for (Map.Entry<Application, Figures> entry : figures.entrySet()) {
					Start start = applications.start(entry.getKey().beans(), entry.getKey().count());
					entry.getValue().add(start);
					System.err.println("round " + round + ": " + entry.getKey() + " " + start);
				}
			}
		}
		report(rounds, counts, figures);
	}

	private static List<Application> applications(List<Integer> counts) {
		List<Application> applications = new ArrayList<>(List.of(Application.EMPTY, Application.STARTER));
		for (int count : counts) {
			for (Beans beans : Beans.values()) {
				applications.add(new Application(beans, count));
			}
		}
		return applications;
	}

	private static void report(int rounds, List<Integer> counts, Map<Application, Figures> figures) {
		Report.table("Medians of " + rounds + " starts:", "beans", "ms", "heap MiB", "RSS MiB",
				"more ms than with plain beans [95 %]", "more heap MiB", "more RSS MiB", "more ms than empty [95 %]");
		Figures empty = figures(figures, Application.EMPTY);
		figures.forEach((application, own) -> {
			Figures plain = figures(figures, new Application(Beans.PLAIN, application.count()));
			Report.row(application, Report.number("%.0f", own.millis.median()),
					Report.number("%.1f", own.heap.median()), Report.number("%.1f", own.resident.median()),
					own.millis.differenceOfMedians(plain.millis).format("%.0f"),
					Report.number("%.1f", own.heap.median() - plain.heap.median()),
					Report.number("%.1f", own.resident.median() - plain.resident.median()),
					own.millis.differenceOfMedians(empty.millis).format("%.0f"));
		});
		if (counts.contains(1) && counts.contains(100)) {
			judge(Beans.NUMBERS, figures);
			judge(Beans.JSON, figures);
		}
	}

	private static void judge(Beans beans, Map<Application, Figures> figures) {
		Samples plain = figures(figures, new Application(Beans.PLAIN, 100)).millis;
		Samples hundred = figures(figures, new Application(beans, 100)).millis;
		Samples first = figures(figures, new Application(beans, 1)).millis
			.minus(figures(figures, new Application(Beans.PLAIN, 1)).millis);
		double all = hundred.median() - plain.median();
		Report.text(
				"%s: the starter with a hundred functions adds %.0f ms, aim %.0f ms: %s; "
						+ "%s ms of that for the functions after the first.",
				beans, all, AIM_MILLIS, (all <= AIM_MILLIS) ? "met" : "EXCEEDED",
				hundred.minus(plain).differenceOfMedians(first).format("%.0f"));
	}

	private static Figures figures(Map<Application, Figures> figures, Application application) {
		return figures.getOrDefault(application, new Figures());
	}

	private record Application(Beans beans, int count) {

		private static final Application EMPTY = new Application(Beans.PLAIN, 0);

		private static final Application STARTER = new Application(Beans.NUMBERS, 0);

		@Override
		public String toString() {
			if (this.count != 0) {
				return this.count + " " + this.beans;
			}
			return this.beans.areFunctions() ? "none, with the starter" : "none";
		}

	}

	private static final class Figures {

		private Samples millis = Samples.none();

		private Samples heap = Samples.none();

		private Samples resident = Samples.none();

		private void add(Start start) {
			this.millis = this.millis.and(start.millis());
			this.heap = this.heap.and(start.heap() / 1024.0);
			if (start.resident() >= 0) {
				this.resident = this.resident.and(start.resident() / 1024.0);
			}
		}

	}

}
