package dev.statefun.benchmarks.flink;

import java.time.Duration;
import java.util.Locale;

/**
 * Measurements of one load.
 *
 * @param time time from the first message to the last record
 * @param runtimeCpu processor time of the runtime's process
 * @param serverCpu processor time of the server's process
 * @param counts records and requests of the load
 */
record Run(Duration time, Duration runtimeCpu, Duration serverCpu, Counts counts) {

	double perSecond() {
		return this.counts.records() * 1e9 / this.time.toNanos();
	}

	double messagesPerRequest() {
		return (double) this.counts.records() / this.counts.requests();
	}

	// Microseconds per message are milliseconds per thousand
	double runtimeMillis() {
		return this.runtimeCpu.toNanos() / 1000.0 / this.counts.records();
	}

	double serverMillis() {
		return this.serverCpu.toNanos() / 1000.0 / this.counts.records();
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT,
				"%,.0f messages/s, CPU for 1,000: %.1f ms runtime, %.1f ms server; %.2f messages/request", perSecond(),
				runtimeMillis(), serverMillis(), messagesPerRequest());
	}

}
