package dev.statefun.benchmarks.workload;

/**
 * Names that the functions share, whichever SDK they are written for.
 */
public final class Names {

	/** Namespace of all of them. */
	public static final String NAMESPACE = "bench";

	/** The counter. */
	public static final String COUNTER = "bench/count";

	/** The function that sends its messages on as they are. */
	public static final String PASS_THROUGH = "bench/pass";

	/** Where that one sends them. */
	public static final String NEXT = "bench/next";

	/** The function of JSON. */
	public static final String ORDERS = "bench/orders";

	/** Egress of all of them. */
	public static final String EGRESS = "bench/out";

	/** State of those that have one. */
	public static final String STATE = "count";

	private Names() {
	}

}
