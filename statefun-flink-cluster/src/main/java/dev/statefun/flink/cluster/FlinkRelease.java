package dev.statefun.flink.cluster;

import java.util.List;
import java.util.stream.Stream;

/**
 * Release of StateFun that a cluster runs, with the Flink that it was built for.
 *
 * @since 0.1.0
 */
public enum FlinkRelease {

	/** StateFun 3.3.0 on Flink 1.16.2. */
	STATEFUN_3_3("3.3.0", "1.16.2", "", "statefun-flink-job-v3-1.jar"),

	/** StateFun 2.2.2 on Flink 1.11.3. */
	STATEFUN_2_2("2.2.2", "1.11.3", "_2.12", "statefun-flink-job-v2-1.jar");

	private static final String LOG4J = "2.17.1";

	private final String statefun;

	private final String flink;

	private final String scala;

	private final String job;

	FlinkRelease(String statefun, String flink, String scala, String job) {
		this.statefun = statefun;
		this.flink = flink;
		this.scala = scala;
		this.job = job;
	}

	/**
	 * Return the coordinates of the only artifact that is taken without its dependencies:
	 * it contains the classes that it needs.
	 * @return its coordinates
	 */
	String distribution() {
		return "org.apache.flink:statefun-flink-distribution:" + this.statefun;
	}

	List<String> artifacts() {
		return Stream
			.concat(Stream
				.of("flink-runtime", "flink-clients", "flink-runtime-web", "flink-statebackend-rocksdb",
						"flink-streaming-java")
				.map((name) -> "org.apache.flink:" + name + this.scala + ":" + this.flink),
					Stream.of("log4j-slf4j-impl", "log4j-core", "log4j-api")
						.map((name) -> "org.apache.logging.log4j:" + name + ":" + LOG4J))
			.toList();
	}

	/**
	 * Return the name of the jar with the ingress and egress for this release, a resource
	 * of this package.
	 * @return the name
	 */
	String job() {
		return this.job;
	}

	String version() {
		return this.statefun;
	}

	@Override
	public String toString() {
		return "StateFun " + this.statefun + " on Flink " + this.flink;
	}

}
