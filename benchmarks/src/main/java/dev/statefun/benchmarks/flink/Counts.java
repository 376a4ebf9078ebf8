package dev.statefun.benchmarks.flink;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts of a runtime since its start.
 *
 * @param records number of records of the egress
 * @param requests number of requests to functions, counting each attempt
 * @param failures number of requests that failed and were sent again
 */
record Counts(long records, long requests, long failures) {

	private static final Pattern LINE = Pattern.compile("count (\\d+) (\\d+) (\\d+)");

	static Counts parse(String line) {
		Matcher matcher = LINE.matcher(line);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("Expected 'count <records> <requests> <failures>', not '" + line + "'");
		}
		return new Counts(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)),
				Long.parseLong(matcher.group(3)));
	}

	Counts minus(Counts before) {
		return new Counts(this.records - before.records, this.requests - before.requests,
				this.failures - before.failures);
	}

}
