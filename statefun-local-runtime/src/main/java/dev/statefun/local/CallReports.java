package dev.statefun.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.google.protobuf.Any;
import dev.statefun.sdk.listener.InvocationListener;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.InvocationReport;
import dev.statefun.sdk.listener.MessageKind;
import org.jspecify.annotations.Nullable;

/**
 * Reports of a function in this process on the messages of one request. Read after the
 * reply, which follows the reports.
 */
final class CallReports implements InvocationListener {

	private final List<Reported> reports = new ArrayList<>();

	@Override
	public void invocationEnded(InvocationReport report) {
		int messages = report.count(MessageKind.SEND) + report.count(MessageKind.REPLY);
		int delayed = report.count(MessageKind.SEND_AFTER) + report.count(MessageKind.CANCEL);
		Map<String, @Nullable Any> states = new LinkedHashMap<>();
		report.forEachState(states::put);
		TreeSet<String> timers = new TreeSet<>();
		report.forEachTimer((name, outcome) -> timers.add(name));
		this.reports.add(new Reported(report.index(), report.outcome(), report.failure(), messages, delayed,
				report.count(MessageKind.EGRESS), states, timers));
	}

	List<Reported> all() {
		return this.reports;
	}

	/**
	 * Report on one message.
	 *
	 * @param index position of the message
	 * @param outcome its outcome
	 * @param failure its failure, if it failed
	 * @param messages number of messages that it sent
	 * @param delayed number of delayed messages and cancellations
	 * @param records number of egress records
	 * @param states states that it changed, with their values
	 * @param timers names of the timers that it was the last one to change
	 */
	record Reported(int index, InvocationOutcome outcome, @Nullable Throwable failure, int messages, int delayed,
			int records, Map<String, @Nullable Any> states, TreeSet<String> timers) {

	}

}
