package dev.statefun.flinktests.runtime;

import java.util.Properties;

import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Creates the {@link FailureReporter}; found by {@code ServiceLoader}.
 */
public final class FailureReporterFactory implements MetricReporterFactory {

	@Override
	public MetricReporter createMetricReporter(Properties properties) {
		return new FailureReporter();
	}

}
