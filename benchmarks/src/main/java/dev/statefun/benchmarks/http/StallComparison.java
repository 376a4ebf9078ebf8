package dev.statefun.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.workload.ClusterRequests;
import org.jspecify.annotations.Nullable;

/**
 * Measures, for each place where the Netty server can run batches, how much a quick
 * function suffers from another one that stalls now and then. Each function has
 * connections of its own. Needs {@code wrk}.
 */
public final class StallComparison {

	private static final int CONNECTIONS = 16;

	private static final String PATH = "/statefun";

	private final Path folder = Files.createTempDirectory("statefun-stall");

	private final int warmUp;

	private final int seconds;

	private StallComparison(Arguments arguments) throws Exception {
		this.warmUp = arguments.number("warmup", 10);
		this.seconds = arguments.number("seconds", 60);
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "seconds", "warmup", "executions");
		StallComparison comparison = new StallComparison(arguments);
		Report.heading("A quick function beside one that stalls, %d connections each, one run".formatted(CONNECTIONS));
		Report.table("Figures of the quick function:", "execution", "beside", "requests/s", "p50, µs", "p99, µs",
				"p99 of that alone", "stalls/s of the other");
		String all = "adaptive,pool,event-loop" + ((Runtime.version().feature() >= 21) ? ",virtual-threads" : "");
		for (String execution : arguments.text("executions", all).split(",")) {
			comparison.measure(execution);
		}
	}

	private void measure(String execution) throws Exception {
		Variant variant = Variant
			.of("stall-" + execution, execution, StallingService.class, PATH,
					"--statefun.server.execution=" + execution)
			.withoutServletStack();
		try (ServerProcess server = variant.start(this.folder)) {
			String url = server.url(PATH);
			load(url, StallingService.OTHER, this.warmUp);
			double alone = report(execution, "nothing", load(url, null, this.seconds), Double.NaN);
			report(execution, "a quick function", load(url, StallingService.OTHER, this.seconds), alone);
			report(execution, "one that stalls", load(url, StallingService.STALLING, this.seconds), alone);
		}
	}

	private List<Wrk.Result> load(String url, @Nullable String other, int seconds) throws Exception {
		Wrk quick = load("count");
		if (other == null) {
			return List.of(quick.run(url, CONNECTIONS, seconds));
		}
		Wrk beside = load(other);
		CompletableFuture<Wrk.Result> result = CompletableFuture.supplyAsync(() -> run(beside, url, seconds));
		List<Wrk.Result> results = new ArrayList<>(List.of(quick.run(url, CONNECTIONS, seconds)));
		results.add(result.join());
		return results;
	}

	private Wrk load(String function) throws Exception {
		Path own = Files.createDirectories(this.folder.resolve(function));
		return new Wrk(own, ClusterRequests.count(function, 1));
	}

	private static Wrk.Result run(Wrk load, String url, int seconds) {
		try {
			return load.run(url, CONNECTIONS, seconds);
		}
		catch (Exception ex) {
			throw new IllegalStateException("The load of the other function failed", ex);
		}
	}

	private double report(String execution, String beside, List<Wrk.Result> results, double alone) {
		Wrk.Result quick = results.get(0);
		String stalls = (beside.contains("stalls") && results.size() > 1)
				? Report.number("%.1f", results.get(1).perSecond() / StallingService.CALLS_PER_STALL) : "";
		Report.row(execution, beside, Report.number("%.0f", quick.perSecond()),
				Report.number("%.0f", quick.p50Micros()), Report.number("%.0f", quick.p99Micros()),
				Double.isNaN(alone) ? "1.00" : Report.number("%.2f", quick.p99Micros() / alone), stalls);
		return quick.p99Micros();
	}

}
