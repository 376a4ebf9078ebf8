package dev.statefun.benchmarks.baseline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.benchmarks.fork.Version;

/**
 * A scenario that is measured with both versions in each round.
 *
 * @param name name in reports
 * @param round measures both versions once
 */
public record Scenario(String name, Round round) {

	/**
	 * Create a scenario that measures one version after the other.
	 * @param name name in reports
	 * @param measurement measures a version
	 * @return the scenario
	 */
	public static Scenario oneAfterTheOther(String name, Measurement measurement) {
		return new Scenario(name, (versions) -> {
			Map<Version, Map<Figure, Double>> figures = new HashMap<>();
			for (Version version : versions) {
				figures.put(version, measurement.measure(version));
			}
			return figures;
		});
	}

	/**
	 * Measures both versions.
	 */
	@FunctionalInterface
	public interface Round {

		/**
		 * Measure each version once, in a JVM of its own.
		 * @param versions the versions, the first one to measure first
		 * @return the figures of each version, the same ones each time
		 * @throws Exception if it fails
		 */
		Map<Version, Map<Figure, Double>> measure(List<Version> versions) throws Exception;

	}

	/**
	 * Measures a version.
	 */
	@FunctionalInterface
	public interface Measurement {

		/**
		 * Measure a version once, in a JVM of its own.
		 * @param version the version
		 * @return the figures, the same ones each time
		 * @throws Exception if it fails
		 */
		Map<Figure, Double> measure(Version version) throws Exception;

	}

}
