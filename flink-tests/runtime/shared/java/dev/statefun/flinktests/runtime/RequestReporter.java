package dev.statefun.flinktests.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.Scheduled;

/**
 * Reports the number of requests to functions and of their failures; with a runtime that
 * retries, nothing else shows them.
 */
final class RequestReporter implements MetricReporter, Scheduled {

	// Static, because Flink creates the reporter. Removed counters are kept: the
	// counts are those of the whole run
	private static final Set<Counter> FAILURES = ConcurrentHashMap.newKeySet();

	private static final Set<Histogram> LATENCIES = ConcurrentHashMap.newKeySet();

	private long reported;

	// Every attempt counts
	static long requests() {
		return LATENCIES.stream().mapToLong(Histogram::getCount).sum();
	}

	static long failures() {
		return FAILURES.stream().mapToLong(Counter::getCount).sum();
	}

	@Override
	public void open(MetricConfig config) {
	}

	@Override
	public void close() {
	}

	@Override
	public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
		if (name.equals("remoteInvocationFailures") && metric instanceof Counter counter) {
			FAILURES.add(counter);
		}
		if (name.equals("remoteInvocationLatency") && metric instanceof Histogram latency) {
			LATENCIES.add(latency);
		}
	}

	@Override
	public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
	}

	@Override
	public void report() {
		long count = failures();
		if (count != this.reported) {
			this.reported = count;
			Output.failures(count);
		}
	}

}
