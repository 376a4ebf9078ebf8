package dev.statefun.flinktests.runtime;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Makes the harness run its job in a mini cluster with our configuration: the harness of
 * 2.2.2 applies its own to the job only, which leaves the cluster and its parallelism at
 * their defaults.
 */
final class LocalEnvironment extends StreamExecutionEnvironment {

	private LocalEnvironment() {
	}

	static void install(int parallelism, Configuration configuration) {
		initializeContextEnvironment(() -> createLocalEnvironment(parallelism, configuration));
	}

}
