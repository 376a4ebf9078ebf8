package dev.statefun.benchmarks.http;

import java.time.Duration;

import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Figures of a server, with one sample per round.
 *
 * @param perSecond requests per second
 * @param cpuMicros processor time of the server per request, in microseconds
 * @param p50Micros median response time, in microseconds
 * @param p99Micros 99th percentile of the response time, in microseconds
 * @param residentMegabytes resident memory of the server after the load
 */
record Figures(Samples perSecond, Samples cpuMicros, Samples p50Micros, Samples p99Micros, Samples residentMegabytes) {

	static final String[] COLUMNS = { "requests/s", "CPU, µs/request", "p50, µs", "p99, µs", "RSS, MiB" };

	static Figures none() {
		return new Figures(Samples.none(), Samples.none(), Samples.none(), Samples.none(), Samples.none());
	}

	/**
	 * Load a server for another round.
	 * @param server the server
	 * @param path path of the endpoint
	 * @param load the load
	 * @param connections number of concurrent requests
	 * @param seconds duration
	 * @return these figures with those of the round added
	 */
	Figures and(ServerProcess server, String path, Wrk load, int connections, int seconds) throws Exception {
		Duration before = server.cpu();
		Wrk.Result result = load.run(server.url(path), connections, seconds);
		double cpu = server.cpu().minus(before).toNanos() / 1000.0 / result.requests();
		System.err.println(Report.number("%,.0f/s, ", result.perSecond()) + Report.number("%.1f us CPU", cpu));
		return new Figures(this.perSecond.and(result.perSecond()), this.cpuMicros.and(cpu),
				this.p50Micros.and(result.p50Micros()), this.p99Micros.and(result.p99Micros()),
				this.residentMegabytes.and(server.residentMegabytes()));
	}

	/**
	 * Format the medians.
	 * @return cells for {@link #COLUMNS}
	 */
	String cells() {
		return String.join(" | ", Report.number("%.0f", this.perSecond.median()),
				Report.number("%.1f", this.cpuMicros.median()), Report.number("%.0f", this.p50Micros.median()),
				Report.number("%.0f", this.p99Micros.median()), Report.number("%.0f", this.residentMegabytes.median()));
	}

}
