package dev.statefun.benchmarks.http;

import java.time.Duration;

import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * What was seen of a server, a sample for each round.
 *
 * @param perSecond requests per second
 * @param cpuMicros processor time of the server for each request, in microseconds
 * @param p50Micros median time to the reply, in microseconds
 * @param p99Micros time within which 99 % of the replies came, in microseconds
 * @param residentMegabytes memory of the server after the load
 */
record Figures(Samples perSecond, Samples cpuMicros, Samples p50Micros, Samples p99Micros, Samples residentMegabytes) {

	static final String[] COLUMNS = { "requests/s", "CPU, µs/request", "p50, µs", "p99, µs", "RSS, MiB" };

	static Figures none() {
		return new Figures(Samples.none(), Samples.none(), Samples.none(), Samples.none(), Samples.none());
	}

	/**
	 * Load a server for another round.
	 * @param server the server
	 * @param path where requests go
	 * @param load the load
	 * @param connections how many requests are in flight
	 * @param seconds for how long
	 * @return these figures and those of the round
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
	 * Write down the medians.
	 * @return cells for {@link #COLUMNS}
	 */
	String cells() {
		return String.join(" | ", Report.number("%.0f", this.perSecond.median()),
				Report.number("%.1f", this.cpuMicros.median()), Report.number("%.0f", this.p50Micros.median()),
				Report.number("%.0f", this.p99Micros.median()), Report.number("%.0f", this.residentMegabytes.median()));
	}

}
