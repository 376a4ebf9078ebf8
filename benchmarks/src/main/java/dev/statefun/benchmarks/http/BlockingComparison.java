package dev.statefun.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.workload.Workload;

/**
 * Compares servers for functions that block, each with 500 connections, in interleaved
 * rounds: the pool of Tomcat, virtual threads, the Netty starter; and the official SDK on
 * Undertow, whose function must not block and therefore waits with a stage. Needs
 * {@code wrk}, and JDK 21 for virtual threads.
 */
public final class BlockingComparison {

	private static final int CONNECTIONS = 500;

	private static final String POOL = "pool";

	private static final List<Variant> VARIANTS = List.of(
			Variant.of(POOL, "Boot, pool of 200 threads", BlockingServer.class, "/statefun"),
			Variant.of("virtual", "Boot, virtual threads", BlockingServer.class, "/statefun",
					"--spring.threads.virtual.enabled=true"),
			Variant.of("netty", "Boot with the Netty starter", BlockingServer.class, "/statefun").withoutServletStack(),
			Variant.of("undertow", "Undertow, official SDK, waiting by a stage", UndertowServer.class, "/",
					"--function=slow"));

	private BlockingComparison() {
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.of(args, "rounds", "seconds", "warmup");
		int rounds = arguments.number("rounds", 3);
		Path folder = Files.createTempDirectory("statefun-blocking");
		Wrk load = new Wrk(folder, Workload.COUNTER.request(1));
		Map<String, Figures> figures = new HashMap<>();
		List<Variant> variants = VARIANTS.stream()
			.filter((variant) -> !variant.key().equals("virtual") || Runtime.version().feature() >= 21)
			.toList();
		Report.heading("HTTP, %d connections, %d ms for each message, medians of %d rounds".formatted(CONNECTIONS,
				BlockingServer.BLOCKING_MILLIS, rounds));
		for (int round = 1; round <= rounds; round++) {
			for (Variant variant : variants) {
				System.err.printf("round %d of %d, %s%n", round, rounds, variant.name());
				try (ServerProcess server = variant.start(folder)) {
					load.run(server.url(variant.path()), CONNECTIONS, arguments.number("warmup", 8));
					Figures before = figures.getOrDefault(variant.key(), Figures.none());
					figures.put(variant.key(),
							before.and(server, variant.path(), load, CONNECTIONS, arguments.number("seconds", 12)));
				}
			}
		}
		Report.table("Batches of 1:",
				Stream
					.concat(Stream.of("server"),
							Stream.concat(Stream.of(Figures.COLUMNS), Stream.of("requests/s of the pool's")))
					.toArray(String[]::new));
		double pool = figures.getOrDefault(POOL, Figures.none()).perSecond().median();
		for (Variant variant : variants) {
			Figures seen = figures.getOrDefault(variant.key(), Figures.none());
			Report.row(variant.name(), seen.cells(), Report.number("%.2f", seen.perSecond().median() / pool));
		}
	}

}
