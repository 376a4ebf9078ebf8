package dev.statefun.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares servers for the counter, all loaded by the same {@code wrk}. The servers run
 * at once, and the load alternates between them: a machine that is busy for a second is
 * so for all. Each round starts new servers, so that accidents of compilation or ports do
 * not persist.
 */
public final class HttpComparison {

	private static final String BARE = "bare";

	private static final String SDK = "sdk";

	private static final String BEFORE = "before";

	private static final Variant BEFORE_VARIANT = Variant.of(BEFORE, "Boot with the starter of another version",
			BootServer.class, "/statefun");

	/** Allowed ratio of the endpoint to a bare servlet, besides the SDK's cost. */
	private static final double ALLOWED = 1.10;

	/** Loads of each server in a round. */
	private static final int TURNS = 5;

	private static final List<Variant> VARIANTS = List.of(Variant.BOOT,
			Variant.of("boot-virtual", "Boot with the starter, virtual threads", BootServer.class, "/statefun",
					"--spring.threads.virtual.enabled=true"),
			Variant.of(BARE, "Boot, servlet with a fixed answer", BootServer.class, "/bare"),
			Variant.of(SDK, "Boot, servlet that calls the SDK", BootServer.class, "/sdk"),
			Variant.of("metered", "Boot with the starter and meters", MeteredServer.class, "/statefun"),
			Variant.UNDERTOW, Variant.NETTY,
			Variant.of("netty-metered", "Boot with the Netty starter and meters", MeteredServer.class, "/statefun")
				.withoutServletStack());

	private final Path folder = Files.createTempDirectory("statefun-http");

	private final List<Variant> variants;

	private final List<Integer> batches;

	private final int connections;

	private final int warmUp;

	private final int seconds;

	private HttpComparison(Arguments arguments) throws Exception {
		String all = String.join(",", VARIANTS.stream().map(Variant::key).toList());
		List<String> keys = List
			.of(arguments.text("variants", arguments.has("baseline") ? Variant.BOOT.key() : all).split(","));
		this.variants = VARIANTS.stream()
			.filter((variant) -> keys.contains(variant.key()))
			.filter((variant) -> !variant.key().endsWith("-virtual") || Runtime.version().feature() >= 21)
			.toList();
		this.batches = arguments.numbers("batches", "1,100");
		this.connections = arguments.number("connections", 32);
		this.warmUp = arguments.number("warmup", 15);
		this.seconds = arguments.number("seconds", arguments.has("baseline") ? 2 : 5);
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "rounds", "seconds", "warmup", "connections", "batches", "variants",
				"baseline", "programs", "limit", "before");
		HttpComparison comparison = new HttpComparison(arguments);
		if (BaselineComparison.isAskedFor(arguments)) {
			BaselineComparison.of(arguments)
				.run("HTTP, %d connections".formatted(comparison.connections), comparison.scenarios());
			return;
		}
		int rounds = arguments.number("rounds", 3);
		Report.heading("HTTP, %d connections, medians of %d alternating loads in %d rounds"
			.formatted(comparison.connections, rounds * TURNS, rounds));
		List<Load> loads = new ArrayList<>();
		comparison.variants.forEach((variant) -> loads.add(new Load(variant.key(), variant, Version.current())));
		if (arguments.has("before")) {
			loads.add(new Load(BEFORE, BEFORE_VARIANT,
					Version.baselineWithItsPrograms(Path.of(arguments.text("before", "")))));
		}
		for (int batch : comparison.batches) {
			comparison.compare(rounds, loads, batch);
		}
	}

	private List<Scenario> scenarios() {
		List<Scenario> scenarios = new ArrayList<>();
		for (Variant variant : this.variants) {
			for (int batch : this.batches) {
				scenarios.add(new Scenario(variant.name() + ", batch " + batch,
						(versions) -> loadInTurns(versions, variant, batch)));
			}
		}
		return scenarios;
	}

	private Map<Version, Map<Figure, Double>> loadInTurns(List<Version> versions, Variant variant, int batch)
			throws Exception {
		List<Load> loads = versions.stream().map((version) -> new Load(variant.key(), variant, version)).toList();
		loadInTurns(loads, batch);
		Map<Version, Map<Figure, Double>> medians = new HashMap<>();
		loads
			.forEach((load) -> medians.put(load.version, Map.of(Figure.CPU, load.figures.cpuMicros().median() * 1000)));
		return medians;
	}

	private void compare(int rounds, List<Load> loads, int batch) throws Exception {
		loads.forEach((load) -> load.figures = Figures.none());
		for (int round = 0; round < rounds; round++) {
			List<Load> order = new ArrayList<>(loads);
			Collections.rotate(order, -round);
			loadInTurns(order, batch);
		}
		print(batch, loads);
	}

	private void loadInTurns(List<Load> loads, int batch) throws Exception {
		byte[] request = Workload.COUNTER.request(batch);
		Wrk wrk = new Wrk(this.folder, request);
		List<ServerProcess> servers = new ArrayList<>();
		try {
			for (Load load : loads) {
				ServerProcess server = load.variant.start(load.version, this.folder);
				servers.add(server);
				server.requireRightReply(load.variant.path(), request);
				wrk.run(server.url(load.variant.path()), this.connections, this.warmUp);
			}
			for (int turn = 0; turn < TURNS; turn++) {
				for (int i = 0; i < loads.size(); i++) {
					// In reverse order every other time
					int next = (turn % 2 == 0) ? i : loads.size() - 1 - i;
					Load load = loads.get(next);
					System.err.print(load.variant.name() + ": ");
					load.figures = load.figures.and(servers.get(next), load.variant.path(), wrk, this.connections,
							this.seconds);
				}
			}
		}
		finally {
			servers.forEach(ServerProcess::close);
		}
	}

	private static void print(int batch, List<Load> loads) {
		Map<String, Samples> cpu = new HashMap<>();
		loads.forEach((load) -> cpu.put(load.key, load.figures.cpuMicros()));
		Samples reference = cpu.get(Variant.UNDERTOW.key());
		Report.table("Batches of %d:".formatted(batch),
				Stream
					.concat(Stream.of("server"),
							Stream.concat(Stream.of(Figures.COLUMNS), Stream.of("CPU of Undertow's [95 %]")))
					.toArray(String[]::new));
		loads.forEach((load) -> Report.row(load.variant.name(), load.figures.cells(),
				(reference != null) ? ratio(load.figures.cpuMicros(), reference) : ""));
		Samples boot = cpu.get(Variant.BOOT.key());
		Samples bare = cpu.get(BARE);
		Samples sdk = cpu.get(SDK);
		if (boot != null && bare != null && sdk != null) {
			printOverhead(boot, bare, sdk);
		}
		printRatio(cpu, "metered", Variant.BOOT.key());
		printRatio(cpu, "netty-metered", Variant.NETTY.key());
		printRatio(cpu, Variant.NETTY.key(), Variant.BOOT.key());
		printRatio(cpu, Variant.NETTY.key(), BEFORE);
	}

	private static void printRatio(Map<String, Samples> cpu, String one, String other) {
		Samples above = cpu.get(one);
		Samples below = cpu.get(other);
		if (above != null && below != null) {
			Report.text("CPU of %s by that of %s: %s.", one, other, ratio(above, below));
		}
	}

	private static String ratio(Samples above, Samples below) {
		return above.dividedBy(below).formatMedian("%.2f");
	}

	private static void printOverhead(Samples boot, Samples bare, Samples sdk) {
		Samples own = sdk.minus(bare);
		Samples rest = boot.minus(own);
		Report
			.text("""
					CPU of the endpoint %.1f µs, of that the SDK's own %.1f, the median difference of the servlet that calls it to \
					the bare one. Endpoint without the SDK's own, by that of the bare servlet: %s; allowed are %.2f.""",
					boot.median(), own.median(), ratio(rest, bare), ALLOWED);
	}

	/**
	 * Loads of a version of a server, with their figures so far.
	 */
	private static final class Load {

		private final String key;

		private final Variant variant;

		private final Version version;

		private Figures figures = Figures.none();

		private Load(String key, Variant variant, Version version) {
			this.key = key;
			this.variant = variant;
			this.version = version;
		}

	}

}
