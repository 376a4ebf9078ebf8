package dev.statefun.benchmarks.startup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Measures how much the starter adds to the start of an application with Spring MVC, in
 * processor time, time and memory, by number of functions. Each application starts once
 * in a round, and differences are those within a round.
 */
public final class StartupComparison {

	/** Aim for the processor time that the starter adds, with a hundred functions. */
	private static final double AIM_MILLIS = 100;

	private static final int AIM_FUNCTIONS = 100;

	private final Map<Application, Figures> figures = new LinkedHashMap<>();

	private final int rounds;

	private StartupComparison(int rounds, List<Application> applications) {
		this.rounds = rounds;
		applications.forEach((application) -> this.figures.put(application, new Figures()));
	}

	/**
	 * Run the comparison.
	 * @param arguments {@code --rounds}; {@code --functions}, numbers of functions;
	 * {@code --beans}, kinds of functions
	 * @throws Exception if an application does not start
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "functions", "beans");
		List<Beans> functions = Stream.of(settings.text("beans", "NUMBERS,JSON").split(","))
			.map(Beans::valueOf)
			.toList();
		StartupComparison comparison = new StartupComparison(settings.number("rounds", 40),
				applications(settings.numbers("functions", "0,1,100,1000"), functions));
		Report.heading("Start-up");
		comparison.measure();
		comparison.report();
	}

	// Those that are compared follow each other
	private static List<Application> applications(List<Integer> counts, List<Beans> functions) {
		List<Application> applications = new ArrayList<>();
		for (int count : counts) {
			applications.add(new Application(Beans.PLAIN, count));
			for (Beans beans : (count > 0) ? functions : List.of(Beans.NUMBERS)) {
				applications.add(new Application(beans, count));
			}
		}
		return applications;
	}

	private void measure() throws Exception {
		int most = this.figures.keySet().stream().mapToInt(Application::count).max().orElse(0);
		try (Applications applications = Applications.generate(most)) {
			for (int round = 1; round <= this.rounds; round++) {
				List<Application> order = new ArrayList<>(this.figures.keySet());
				if (round % 2 == 0) {
					Collections.reverse(order);
				}
				for (Application application : order) {
					Start start = applications.start(application.beans(), application.count());
					figures(application).add(start);
					System.err.println("round " + round + ": " + application + " " + start);
				}
			}
		}
	}

	private void report() {
		Report.table("Medians of " + this.rounds + " starts, and of the differences within a round:", "beans",
				"CPU, ms", "ms", "heap MiB", "RSS MiB", "more CPU ms than with plain beans [95 %]",
				"more ms than with plain beans [95 %]", "more heap MiB", "more RSS MiB");
		this.figures.forEach((application, own) -> {
			Figures plain = figures(new Application(Beans.PLAIN, application.count()));
			Report.row(application, Report.number("%.0f", own.processor.median()),
					Report.number("%.0f", own.millis.median()), Report.number("%.1f", own.heap.median()),
					Report.number("%.1f", own.resident.median()), difference(own.processor, plain.processor),
					difference(own.millis, plain.millis), Report.number("%.1f", own.heap.minus(plain.heap).median()),
					Report.number("%.1f", own.resident.minus(plain.resident).median()));
		});
		if (this.rounds >= Samples.MIN_OF_INTERVAL) {
			this.figures.keySet().stream().filter(Application::hasAim).forEach(this::judge);
		}
		Report.text("Load %.2f at the end.", Report.load());
	}

	private static String difference(Samples own, Samples plain) {
		return own.minus(plain).formatMedian("%.0f");
	}

	private void judge(Application application) {
		Samples.Interval more = figures(application).processor
			.minus(figures(new Application(Beans.PLAIN, AIM_FUNCTIONS)).processor)
			.medianInterval();
		Report.text("The starter with %s adds %s ms of processor time, aim %.0f ms: %s.", application,
				more.format("%.0f"), AIM_MILLIS, more.against(AIM_MILLIS));
	}

	private Figures figures(Application application) {
		return this.figures.computeIfAbsent(application, (missing) -> new Figures());
	}

	private record Application(Beans beans, int count) {

		private boolean hasAim() {
			return this.beans.areFunctions() && this.count == AIM_FUNCTIONS;
		}

		@Override
		public String toString() {
			if (this.count != 0) {
				return this.count + " " + this.beans;
			}
			return this.beans.areFunctions() ? "none, with the starter" : "none";
		}

	}

	private static final class Figures {

		private Samples processor = Samples.none();

		private Samples millis = Samples.none();

		private Samples heap = Samples.none();

		private Samples resident = Samples.none();

		private void add(Start start) {
			this.processor = this.processor.and(start.processor());
			this.millis = this.millis.and(start.millis());
			this.heap = this.heap.and(start.heap() / 1024.0);
			if (start.resident() >= 0) {
				this.resident = this.resident.and(start.resident() / 1024.0);
			}
		}

	}

}
