package dev.statefun.flink.cluster;

/**
 * Release of StateFun that a cluster runs, with the Flink that it was built for.
 *
 * @since 0.1.0
 */
public enum FlinkRelease {

	/** StateFun 3.3.0 on Flink 1.16.2. */
	STATEFUN_3_3("3.3.0", "1.16.2", "statefun-flink-job-v3-1.jar"),

	/** StateFun 2.2.2 on Flink 1.11.3. */
	STATEFUN_2_2("2.2.2", "1.11.3", "statefun-flink-job-v2-1.jar");

	private final String statefun;

	private final String flink;

	private final String job;

	FlinkRelease(String statefun, String flink, String job) {
		this.statefun = statefun;
		this.flink = flink;
		this.job = job;
	}

	/**
	 * Return the name of the list of jars that a cluster needs, a resource of this
	 * package: in the order of the class path.
	 * @return the name
	 */
	String jars() {
		return "statefun-" + this.statefun + "-jars.txt";
	}

	/**
	 * Return the name of the jar with the ingress and egress for this release, a resource
	 * of this package.
	 * @return the name
	 */
	String job() {
		return this.job;
	}

	/**
	 * Return whether a job can be stopped with a savepoint. That of 2.2.2 waits for its
	 * savepoint without end, as the tasks of its feedback loop block each other, so it is
	 * canceled with one.
	 * @return whether it can
	 */
	boolean stops() {
		return this == STATEFUN_3_3;
	}

	@Override
	public String toString() {
		return "StateFun " + this.statefun + " on Flink " + this.flink;
	}

}
