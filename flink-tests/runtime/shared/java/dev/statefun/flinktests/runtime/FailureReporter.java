package dev.statefun.flinktests.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.Scheduled;

/**
 * Tells how many requests to functions have failed: with a runtime that retries them,
 * nothing else shows it.
 */
final class FailureReporter implements MetricReporter, Scheduled {

	private final Set<Counter> counters = ConcurrentHashMap.newKeySet();

	private long reported;

	@Override
	public void open(MetricConfig config) {
	}

	@Override
	public void close() {
	}

	@Override
	public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
		if (name.equals("remoteInvocationFailures") && metric instanceof Counter counter) {
			this.counters.add(counter);
		}
	}

	@Override
	public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
		// Kept: the count is that of the whole run
	}

	@Override
	public void report() {
		long count = this.counters.stream().mapToLong(Counter::getCount).sum();
		if (count != this.reported) {
			this.reported = count;
			Output.failures(count);
		}
	}

}
