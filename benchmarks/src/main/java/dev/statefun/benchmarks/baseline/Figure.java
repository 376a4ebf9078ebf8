package dev.statefun.benchmarks.baseline;

/**
 * A figure for comparing two versions; less is better.
 */
public enum Figure {

	/** Processor time per request, of all threads, in nanoseconds. */
	CPU("CPU, ns", "limit", 1.05),

	/** Bytes allocated per request. Even 8 B more than 1,320 exceed the limit. */
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
