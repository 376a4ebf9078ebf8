package dev.statefun.benchmarks.baseline;

/**
 * A figure that two versions are compared by; less is better.
 */
public enum Figure {

	/** Processor time of each request, of all threads, in nanoseconds. */
	CPU("CPU, ns", "limit", 1.05),

	/** Bytes that each request allocates. Even 8 B more of 1,320 are above the limit. */
	ALLOCATED("allocated, B", "bytes-limit", 1.001);

	private final String label;

	private final String limitArgument;

	private final double defaultLimit;

	Figure(String label, String limitArgument, double defaultLimit) {
		this.label = label;
		this.limitArgument = limitArgument;
		this.defaultLimit = defaultLimit;
	}

	String limitArgument() {
		return this.limitArgument;
	}

	double defaultLimit() {
		return this.defaultLimit;
	}

	@Override
	public String toString() {
		return this.label;
	}

}
