package dev.statefun.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares an application of the Netty starter with one of the servlet starter: time from
 * the start of the JVM to the first answer, and the memory of the process then and after
 * some load. Needs {@code wrk}.
 */
public final class FirstAnswerComparison {

	private static final Variant WEBMVC = Variant.of("webmvc", "Boot with the servlet starter", CounterService.class,
			"/statefun");

	private static final List<Variant> VARIANTS = List.of(WEBMVC, Variant.NETTY);

	private final Path folder = Files.createTempDirectory("statefun-first");

	private final byte[] request = Workload.COUNTER.request(1);

	private final Wrk load = new Wrk(this.folder, this.request);

	private final int seconds;

	private final Map<Variant, Seen> figures = new HashMap<>();

	private FirstAnswerComparison(Arguments arguments) throws Exception {
		this.seconds = arguments.number("seconds", 5);
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "rounds", "seconds");
		int rounds = arguments.number("rounds", 11);
		FirstAnswerComparison comparison = new FirstAnswerComparison(arguments);
		Report.heading(
				"First answer and memory of an application with one function, medians of %d rounds".formatted(rounds));
		Variant.inTurns(VARIANTS, rounds, comparison::measure);
		comparison.print();
	}

	private void measure(Variant variant) throws Exception {
		try (ServerProcess server = variant.start(this.folder)) {
			server.requireRightReply(variant.path(), this.request);
			double millis = server.age().toNanos() / 1e6;
			double cpu = server.cpu().toNanos() / 1e6;
			double fresh = server.residentMegabytes();
			this.load.run(server.url(variant.path()), 32, this.seconds);
			double loaded = server.residentMegabytes();
			System.err.printf("%.0f ms, %.0f ms CPU, %.0f MiB, %.0f MiB%n", millis, cpu, fresh, loaded);
			this.figures.merge(variant, Seen.of(millis, cpu, fresh, loaded), Seen::and);
		}
	}

	private void print() {
		Report.table("From the start of the JVM:", "application of", "first answer, ms",
				"processor time until then, ms", "RSS then, MiB", "RSS after load, MiB");
		Seen reference = this.figures.getOrDefault(WEBMVC, Seen.NONE);
		for (Variant variant : VARIANTS) {
			Seen seen = this.figures.getOrDefault(variant, Seen.NONE);
			Report.row(variant.name(), cell(seen.millis, reference.millis), cell(seen.cpu, reference.cpu),
					cell(seen.fresh, reference.fresh), cell(seen.loaded, reference.loaded));
		}
	}

	private static String cell(Samples seen, Samples reference) {
		return Report.number("%.0f", seen.median()) + Report.number(" (%.2f)", seen.median() / reference.median());
	}

	/**
	 * Figures of an application, with one sample for each round.
	 *
	 * @param millis time until the first answer
	 * @param cpu processor time until then, in milliseconds
	 * @param fresh resident memory then, in MiB
	 * @param loaded resident memory after the load
	 */
	private record Seen(Samples millis, Samples cpu, Samples fresh, Samples loaded) {

		private static final Seen NONE = new Seen(Samples.none(), Samples.none(), Samples.none(), Samples.none());

		static Seen of(double millis, double cpu, double fresh, double loaded) {
			return new Seen(Samples.none().and(millis), Samples.none().and(cpu), Samples.none().and(fresh),
					Samples.none().and(loaded));
		}

		Seen and(Seen next) {
			return new Seen(this.millis.and(next.millis.median()), this.cpu.and(next.cpu.median()),
					this.fresh.and(next.fresh.median()), this.loaded.and(next.loaded.median()));
		}

	}

}
