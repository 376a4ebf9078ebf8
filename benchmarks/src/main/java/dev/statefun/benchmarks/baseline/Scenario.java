package dev.statefun.benchmarks.baseline;

import java.util.Map;

import dev.statefun.benchmarks.fork.Version;

/**
 * A scenario that is measured with both versions in each round.
 *
 * @param name name in reports
 * @param measurement measures it once
 */
public record Scenario(String name, Measurement measurement) {

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
