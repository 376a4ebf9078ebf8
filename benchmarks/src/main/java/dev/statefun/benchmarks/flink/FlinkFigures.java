package dev.statefun.benchmarks.flink;

import dev.statefun.benchmarks.report.Report;
import dev.statefun.benchmarks.report.Samples;

/**
 * Figures of a server behind the runtime, with one sample per round.
 *
 * @param perSecond messages per second
 * @param runtimeMillis processor time of the runtime for 1,000 messages, in milliseconds
 * @param serverMillis processor time of the server for 1,000 messages, in milliseconds
 * @param messagesPerRequest mean size of batches
 * @param failures number of failed requests in all rounds
 */
record FlinkFigures(Samples perSecond, Samples runtimeMillis, Samples serverMillis, Samples messagesPerRequest,
		long failures) {

	static final String[] COLUMNS = { "server", "messages/s", "of Undertow's", "runtime's CPU, ms/1,000",
			"server's CPU, ms/1,000", "of Undertow's", "messages/request", "failed requests" };

	static FlinkFigures none() {
		return new FlinkFigures(Samples.none(), Samples.none(), Samples.none(), Samples.none(), 0);
	}

	FlinkFigures and(Run run) {
		return new FlinkFigures(this.perSecond.and(run.perSecond()), this.runtimeMillis.and(run.runtimeMillis()),
				this.serverMillis.and(run.serverMillis()), this.messagesPerRequest.and(run.messagesPerRequest()),
				this.failures + run.counts().failures());
	}

	/**
	 * Format the medians.
	 * @param name name of the server
	 * @param reference figures to compare with; empty if they were not measured
	 * @return cells for {@link #COLUMNS}
	 */
	Object[] cells(String name, FlinkFigures reference) {
		return new Object[] { name, Report.number("%.0f", this.perSecond.median()),
				ratio(this.perSecond, reference.perSecond), Report.number("%.1f", this.runtimeMillis.median()),
				Report.number("%.1f", this.serverMillis.median()), ratio(this.serverMillis, reference.serverMillis),
				Report.number("%.2f", this.messagesPerRequest.median()), this.failures };
	}

	private static String ratio(Samples samples, Samples reference) {
		double ratio = samples.median() / reference.median();
		return Double.isNaN(ratio) ? "" : Report.number("%.2f", ratio);
	}

}
