package dev.statefun.flinktests.runtime;

import java.util.Properties;

import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Creates the {@link RequestReporter}; found by {@code ServiceLoader}.
 */
public final class RequestReporterFactory implements MetricReporterFactory {

	@Override
	public MetricReporter createMetricReporter(Properties properties) {
		return new RequestReporter();
	}

}
