package dev.statefun.benchmarks.flink;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a runtime has counted since its start.
 *
 * @param records records of the egress
 * @param requests requests to functions, each attempt of them
 * @param failures those that failed, and were sent again
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
