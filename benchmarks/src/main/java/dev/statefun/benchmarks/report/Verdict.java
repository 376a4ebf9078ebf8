package dev.statefun.benchmarks.report;

import java.util.Locale;

/**
 * The result of comparing an interval with a limit.
 */
public enum Verdict {

	/** The whole interval is at or below the limit. */
	MET,

	/** The limit is within the interval; more rounds or a quieter machine may decide. */
	UNDECIDED,

	/** The whole interval is above the limit. */
	MISSED;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
