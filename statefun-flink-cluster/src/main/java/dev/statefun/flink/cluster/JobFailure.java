package dev.statefun.flink.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The failure of a job, with what to do about it where that is known.
 */
final class JobFailure {

	private static final Pattern FUNCTION = Pattern.compile("invoke function FunctionType\\(([^,]+), ([^)]+)\\)");

	private static final Pattern EGRESS = Pattern.compile("Unknown egress EgressKey\\(([^,]+), ([^,]+),");

	private JobFailure() {
	}

	/**
	 * Explain a failure.
	 * @param stackTrace the stack trace that the JobManager returns
	 * @return the stack trace, after an explanation if there is one
	 */
	static String explain(String stackTrace) {
		Matcher egress = EGRESS.matcher(stackTrace);
		if (!egress.find()) {
			return stackTrace;
		}
		Matcher function = FUNCTION.matcher(stackTrace);
		String sender = function.find() ? "The function '" + function.group(1) + "/" + function.group(2) + "'"
				: "A function";
		String id = egress.group(1) + "/" + egress.group(2);
		return sender + " sends to the egress '" + id + "', which neither the module nor the cluster has. Name it among"
				+ " the 'egresses' of the cluster, and start it again.\n" + stackTrace;
	}

}
