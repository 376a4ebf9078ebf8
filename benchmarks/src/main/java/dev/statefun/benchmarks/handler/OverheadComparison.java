package dev.statefun.benchmarks.handler;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.statefun.benchmarks.handler.MetricsBenchmark.Observer;
import dev.statefun.benchmarks.report.Arguments;
import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * What it costs to be told about each batch, measured in turns: in each round every
 * observer has a JVM of its own, one after the other, so that what else the machine does
 * meets all of them.
 */
public final class OverheadComparison {

	private static final int[] BATCHES = { 1, 100 };

	private OverheadComparison() {
	}

	/**
	 * Run it.
	 * @param arguments {@code --rounds}, {@code --seconds}; or, for a measurement,
	 * {@code --observer}, {@code --batch} and {@code --seconds}
	 * @throws Exception if a measurement fails
	 */
	public static void main(String[] arguments) throws Exception {
		Arguments settings = Arguments.of(arguments, "rounds", "seconds", "observer", "batch");
		int seconds = settings.number("seconds", 3);
		String observer = settings.text("observer", "");
		if (observer.isEmpty()) {
			compare(settings.number("rounds", 5), seconds);
		}
		else {
			System.out.println(measure(Observer.valueOf(observer), settings.number("batch", 1), seconds));
		}
	}

	private static void compare(int rounds, int seconds) throws Exception {
		Report.heading("What it costs to watch functions");
		for (int batch : BATCHES) {
			Map<Observer, Samples> samples = new EnumMap<>(Observer.class);
			for (int round = 0; round < rounds; round++) {
				for (Observer observer : Observer.values()) {
					samples.merge(observer, Samples.none().and(fork(observer, batch, seconds)),
							(all, one) -> all.and(one.median()));
				}
			}
			Samples without = samples.getOrDefault(Observer.NONE, Samples.none());
			Report.table("A batch of " + batch + ", medians of " + rounds + " rounds:", "who", "ns", "more ns [95 %]",
					"time of that without");
			samples.forEach((observer, nanos) -> Report.row(observer, Report.number("%.0f", nanos.median()),
					nanos.differenceOfMedians(without).format("%.0f"),
					Report.number("%.2f", nanos.median() / without.median())));
		}
	}

	private static double fork(Observer observer, int batch, int seconds) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn64m", "-XX:+AlwaysPreTouch", "-cp",
				System.getProperty("java.class.path"), OverheadComparison.class.getName(), "--observer=" + observer,
				"--batch=" + batch, "--seconds=" + seconds)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IllegalStateException(observer + " failed: " + output);
		}
		return Double.parseDouble(output.strip());
	}

	// The second half of the time counts, when everything is compiled
	private static double measure(Observer observer, int batch, int seconds) {
		MetricsBenchmark benchmark = new MetricsBenchmark();
		benchmark.observer = observer;
		benchmark.batch = batch;
		benchmark.observe();
		long half = TimeUnit.SECONDS.toNanos(seconds) / 2;
		run(benchmark, half);
		return run(benchmark, half);
	}

	private static double run(MetricsBenchmark benchmark, long nanos) {
		long start = System.nanoTime();
		long requests = 0;
		int replies = 0;
		long now = start;
		while (now - start < nanos) {
			for (int i = 0; i < 100; i++) {
				replies += benchmark.count().length;
			}
			requests += 100;
			now = System.nanoTime();
		}
		if (replies == 0) {
			throw new IllegalStateException("There were no replies");
		}
		return (now - start) / (double) requests;
	}

}
