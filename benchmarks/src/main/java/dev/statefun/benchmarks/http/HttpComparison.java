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
 * Compares servers for the counter, all loaded by the same {@code wrk} in interleaved
 * rounds. Each round starts new servers, so that accidents of compilation or ports do not
 * persist.
 */
public final class HttpComparison {

	private static final String BARE = "bare";

	private static final String SDK = "sdk";

	/** Allowed ratio of the endpoint to a bare servlet, besides the SDK's cost. */
	private static final double ALLOWED = 1.15;

	/** Loads of each version in a round. */
	private static final int TURNS = 5;

	private static final List<Variant> VARIANTS = List.of(Variant.BOOT,
			Variant.of("boot-virtual", "Boot with the starter, virtual threads", BootServer.class, "/statefun",
					"--spring.threads.virtual.enabled=true"),
			Variant.of(BARE, "Boot, servlet with a fixed answer", BootServer.class, "/bare"),
			Variant.of(SDK, "Boot, servlet that calls the SDK", BootServer.class, "/sdk"), Variant.UNDERTOW,
			Variant.NETTY);

	private final Path folder = Files.createTempDirectory("statefun-http");

	private final Map<String, Figures> figures = new HashMap<>();

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
				"baseline", "programs", "limit");
		HttpComparison comparison = new HttpComparison(arguments);
		if (BaselineComparison.isAskedFor(arguments)) {
			BaselineComparison.of(arguments)
				.run("HTTP, %d connections".formatted(comparison.connections), comparison.scenarios());
			return;
		}
		int rounds = arguments.number("rounds", 7);
		Report.heading("HTTP, %d connections, medians of %d rounds".formatted(comparison.connections, rounds));
		Variant.inTurns(comparison.variants, rounds, comparison::load);
		comparison.batches.forEach(comparison::print);
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

	// Both servers run at once, and the load alternates between them: a machine that is
	// busy for a second is so for both
	private Map<Version, Map<Figure, Double>> loadInTurns(List<Version> versions, Variant variant, int batch)
			throws Exception {
		byte[] request = Workload.COUNTER.request(batch);
		Wrk load = new Wrk(this.folder, request);
		List<LoadedServer> servers = new ArrayList<>();
		try {
			for (Version version : versions) {
				ServerProcess server = variant.start(version, this.folder);
				servers.add(new LoadedServer(version, server));
				server.requireRightReply(variant.path(), request);
				load.run(server.url(variant.path()), this.connections, this.warmUp);
			}
			List<LoadedServer> order = new ArrayList<>(servers);
			for (int turn = 0; turn < TURNS; turn++) {
				for (LoadedServer server : order) {
					server.figures = server.figures.and(server.process, variant.path(), load, this.connections,
							this.seconds);
				}
				Collections.reverse(order);
			}
		}
		finally {
			servers.forEach((server) -> server.process.close());
		}
		Map<Version, Map<Figure, Double>> medians = new HashMap<>();
		servers.forEach((server) -> medians.put(server.version,
				Map.of(Figure.CPU, server.figures.cpuMicros().median() * 1000)));
		return medians;
	}

	private void load(Variant variant) throws Exception {
		try (ServerProcess server = variant.start(this.folder)) {
			for (int batch : this.batches) {
				Figures before = this.figures.getOrDefault(key(variant, batch), Figures.none());
				this.figures.put(key(variant, batch), load(server, variant, batch, before));
			}
		}
	}

	private Figures load(ServerProcess server, Variant variant, int batch, Figures before) throws Exception {
		byte[] request = Workload.COUNTER.request(batch);
		server.requireRightReply(variant.path(), request);
		Wrk load = new Wrk(this.folder, request);
		load.run(server.url(variant.path()), this.connections, this.warmUp);
		return before.and(server, variant.path(), load, this.connections, this.seconds);
	}

	private void print(int batch) {
		Figures reference = this.figures.get(Variant.UNDERTOW.key() + batch);
		Report.table("Batches of %d:".formatted(batch),
				Stream
					.concat(Stream.of("server"),
							Stream.concat(Stream.of(Figures.COLUMNS), Stream.of("CPU of Undertow's")))
					.toArray(String[]::new));
		for (Variant variant : this.variants) {
			Figures seen = this.figures.getOrDefault(key(variant, batch), Figures.none());
			Report.row(variant.name(), seen.cells(), (reference != null)
					? Report.number("%.2f", seen.cpuMicros().median() / reference.cpuMicros().median()) : "");
		}
		Figures boot = this.figures.get(Variant.BOOT.key() + batch);
		Figures bare = this.figures.get(BARE + batch);
		Figures sdk = this.figures.get(SDK + batch);
		if (boot != null && bare != null && sdk != null) {
			printOverhead(boot.cpuMicros(), bare.cpuMicros(), sdk.cpuMicros());
		}
	}

	private static void printOverhead(Samples boot, Samples bare, Samples sdk) {
		double own = sdk.minus(bare).median();
		double limit = ALLOWED * bare.median() + own;
		Report
			.text("""
					CPU of the endpoint %.1f µs; %.2f × that of a bare servlet (%.1f) and the SDK's own (%.1f, the median difference \
					to the servlet that calls it) are %.1f: %s. Endpoint without the SDK's own, by that of the bare servlet: %.3f.""",
					boot.median(), ALLOWED, bare.median(), own, limit, (boot.median() <= limit) ? "kept" : "EXCEEDED",
					(boot.median() - own) / bare.median());
	}

	private static String key(Variant variant, int batch) {
		return variant.key() + batch;
	}

	/**
	 * Server of a version, and its figures so far.
	 */
	private static final class LoadedServer {

		private final Version version;

		private final ServerProcess process;

		private Figures figures = Figures.none();

		private LoadedServer(Version version, ServerProcess process) {
			this.version = version;
			this.process = process;
		}

	}

}
