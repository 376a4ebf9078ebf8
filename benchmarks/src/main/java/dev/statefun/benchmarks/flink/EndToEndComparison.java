package dev.statefun.benchmarks.flink;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.http.ServerProcess;
import dev.statefun.benchmarks.http.Variant;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares servers for the counter behind a released runtime that calls them as fast as
 * it can, in interleaved rounds. Each round starts new servers and runtimes.
 */
public final class EndToEndComparison {

	private static final List<Variant> VARIANTS = List.of(Variant.BOOT, Variant.UNDERTOW, Variant.NETTY);

	private final Path folder = Files.createTempDirectory("statefun-flink");

	private final Map<Case, FlinkFigures> figures = new HashMap<>();

	private final Path runtime;

	private final List<Variant> variants;

	private final List<Integer> ids;

	private final int messages;

	private EndToEndComparison(Arguments arguments) throws Exception {
		this.runtime = Path.of(arguments.text("runtime", "flink-tests/runtime/v3/target"));
		this.variants = variants(arguments.text("variants", "boot,undertow,netty"));
		this.ids = arguments.numbers("ids", "10,1000,100000");
		this.messages = arguments.number("messages", 200_000);
		int most = Collections.max(this.ids);
		if (most > this.messages) {
			throw new IllegalArgumentException(
					"%d messages don't reach %d ids: raise --messages or lower --ids".formatted(this.messages, most));
		}
		FlinkProcess.classPath(this.runtime);
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "rounds", "messages", "ids", "variants", "runtime");
		int rounds = arguments.number("rounds", 3);
		EndToEndComparison comparison = new EndToEndComparison(arguments);
		System.err.println("Logs are in " + comparison.folder);
		Report.heading("Behind StateFun 3.3.0 with one task slot, %d messages, medians of %d rounds"
			.formatted(comparison.messages, rounds));
		Variant.inTurns(comparison.variants, rounds, comparison::measure);
		comparison.ids.forEach(comparison::print);
	}

	static List<Variant> variants(String keys) {
		return List.of(keys.split(",")).stream().map(EndToEndComparison::variant).toList();
	}

	private static Variant variant(String key) {
		return VARIANTS.stream()
			.filter((variant) -> variant.key().equals(key))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"Unknown variant '" + key + "'; expected some of " + VARIANTS.stream().map(Variant::key).toList()));
	}

	private void measure(Variant variant) throws Exception {
		try (ServerProcess server = variant.start(this.folder)) {
			server.requireRightReply(variant.path(), Workload.COUNTER.request(1));
			server.requireRightReply(variant.path(), Workload.COUNTER.request(100));
			try (FlinkProcess flink = FlinkProcess.start(this.runtime, server.url(variant.path()),
					this.folder.resolve("runtime-" + variant.key()))) {
				for (int count : this.ids) {
					flink.load(this.messages, count);
					Run run = measure(flink, server, count);
					System.err.printf("%,d ids: %s%n", count, run);
					this.figures.put(new Case(variant, count), figures(variant, count).and(run));
				}
			}
		}
	}

	private Run measure(FlinkProcess flink, ServerProcess server, int count) throws Exception {
		Counts counts = flink.requireOneRecordForEachMessage();
		Duration runtimeCpu = flink.cpu();
		Duration serverCpu = server.cpu();
		Duration time = flink.load(this.messages, count);
		return new Run(time, flink.cpu().minus(runtimeCpu), server.cpu().minus(serverCpu),
				flink.requireOneRecordForEachMessage().minus(counts));
	}

	private void print(int count) {
		Report.table("%,d ids:".formatted(count), FlinkFigures.COLUMNS);
		FlinkFigures reference = this.variants.stream()
			.filter((variant) -> variant.equals(Variant.UNDERTOW))
			.map((variant) -> figures(variant, count))
			.findFirst()
			.orElse(FlinkFigures.none());
		for (Variant variant : this.variants) {
			Report.row(figures(variant, count).cells(variant.name(), reference));
		}
	}

	private FlinkFigures figures(Variant variant, int count) {
		return this.figures.getOrDefault(new Case(variant, count), FlinkFigures.none());
	}

	/**
	 * A combination that is measured once in each round.
	 *
	 * @param variant the server
	 * @param ids number of instances that receive the messages
	 */
	private record Case(Variant variant, int ids) {

	}

}
