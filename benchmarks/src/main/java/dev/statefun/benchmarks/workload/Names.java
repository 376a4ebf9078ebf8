package dev.statefun.benchmarks.workload;

/**
 * Names that the functions of both SDKs share.
 */
public final class Names {

	/** Namespace of all functions. */
	public static final String NAMESPACE = "bench";

	/** Type of the counter. */
	public static final String COUNTER = "bench/count";

	/** Type of the function that forwards its messages unchanged. */
	public static final String PASS_THROUGH = "bench/pass";

	/** Type of the function that it forwards them to. */
	public static final String NEXT = "bench/next";

	/** Type of the function with JSON. */
	public static final String ORDERS = "bench/orders";

	/** Egress of all functions. */
	public static final String EGRESS = "bench/out";

	/** Name of the state, for functions that have one. */
	public static final String STATE = "count";

	private Names() {
	}

}
