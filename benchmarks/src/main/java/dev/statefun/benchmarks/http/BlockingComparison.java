package dev.statefun.benchmarks.http;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.workload.Workload;

/**
 * What virtual threads are worth where functions block: the default pool of Tomcat and
 * virtual threads, each under 500 connections, in interleaved rounds. Needs JDK 21 or
 * newer, and {@code wrk}.
 */
public final class BlockingComparison {

	private static final int CONNECTIONS = 500;

	private static final int WARM_UP_SECONDS = 8;

	private static final int SECONDS = 12;

	private static final List<Variant> VARIANTS = List.of(new Variant("pool of 200 threads", false),
			new Variant("virtual threads", true));

	private BlockingComparison() {
	}

	public static void main(String[] args) throws Exception {
		int rounds = (args.length > 0) ? Integer.parseInt(args[0]) : 3;
		Path folder = Files.createTempDirectory("statefun-blocking");
		Wrk load = new Wrk(folder, Workload.COUNTER.request(1));
		Map<String, List<Double>> rates = new LinkedHashMap<>();
		System.out.printf("%d connections, %d ms for each message, JDK %s%n", CONNECTIONS,
				BlockingServer.BLOCKING_MILLIS, Runtime.version());
		for (int round = 1; round <= rounds; round++) {
			for (Variant variant : VARIANTS) {
				try (ServerProcess server = ServerProcess.start(BlockingServer.class, folder.resolve("server.log"),
						"--spring.threads.virtual.enabled=" + variant.virtualThreads())) {
					String url = server.url("/statefun");
					load.run(url, CONNECTIONS, WARM_UP_SECONDS);
					Duration before = server.cpu();
					Wrk.Result result = load.run(url, CONNECTIONS, SECONDS);
					double cpu = server.cpu().minus(before).toNanos() / 1000.0 / result.requests();
					System.out.printf("round %d, %-20s %,8.0f/s  p50 %4.0f ms  p99 %4.0f ms  CPU %3.0f us/request%n",
							round, variant.name(), result.perSecond(), result.p50Micros() / 1000,
							result.p99Micros() / 1000, cpu);
					rates.computeIfAbsent(variant.name(), (name) -> new ArrayList<>()).add(result.perSecond());
				}
			}
		}
		List<Double> medians = rates.values().stream().map(BlockingComparison::median).toList();
		System.out.printf("medians %,.0f/s and %,.0f/s: virtual threads %.2f times the pool%n", medians.get(0),
				medians.get(1), medians.get(1) / medians.get(0));
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().toList().get(values.size() / 2);
	}

	private record Variant(String name, boolean virtualThreads) {

	}

}
