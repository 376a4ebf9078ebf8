package dev.statefun.local;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.local.CallReports.Reported;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;
import org.jspecify.annotations.Nullable;

/**
 * Positions of the messages of a batch that had the effects of its reply. A position is
 * {@link #UNKNOWN} where a function did not report its messages, or not as many effects
 * as the reply has, for example because something has changed the reply.
 *
 * @param messages position for each message of the reply
 * @param delayed position for each of its delayed messages and cancellations
 * @param records position for each of its egress records
 * @param reports reports by position of the message; empty if they are not used
 */
record Attribution(int[] messages, int[] delayed, int[] records, Map<Integer, Reported> reports) {

	static final int UNKNOWN = -1;

	static Attribution of(FunctionType self, Dialect dialect, Batch batch, Reply reply, @Nullable CallReports reports) {
		List<Reported> reported = (reports != null) ? reports.all() : List.of();
		boolean single = batch.size() == 1;
		boolean usable = !reported.isEmpty() && isComplete(reply, reported);
		Attribution attribution = new Attribution(filled(reply.messages().size(), single),
				filled(reply.delayed().size(), single), filled(reply.egresses().size(), single),
				new HashMap<>(usable ? reported.size() : 0));
		if (usable) {
			attribution.use(reported);
			attribution.useTimers(self, dialect, reply, reported);
		}
		return attribution;
	}

	// All effects are those of a single message
	private static int[] filled(int size, boolean single) {
		int[] positions = new int[size];
		Arrays.fill(positions, single ? 0 : UNKNOWN);
		return positions;
	}

	private static boolean isComplete(Reply reply, List<Reported> reported) {
		return reported.stream().mapToInt(Reported::messages).sum() == reply.messages().size()
				&& reported.stream().mapToInt(Reported::records).sum() == reply.egresses().size()
				&& reported.stream().mapToInt(Reported::delayed).sum() <= reply.delayed().size();
	}

	private void use(List<Reported> reported) {
		int message = 0;
		int delayed = 0;
		int record = 0;
		for (Reported report : reported) {
			this.reports.put(report.index(), report);
			Arrays.fill(this.messages, message, message + report.messages(), report.index());
			Arrays.fill(this.delayed, delayed, delayed + report.delayed(), report.index());
			Arrays.fill(this.records, record, record + report.records(), report.index());
			message += report.messages();
			delayed += report.delayed();
			record += report.records();
		}
	}

	// What named timers add to a reply follows the effects that were counted
	private void useTimers(FunctionType self, Dialect dialect, Reply reply, List<Reported> reported) {
		Map<String, Integer> positions = new HashMap<>();
		reported.forEach((report) -> report.timers().forEach((name) -> positions.put(name, report.index())));
		int counted = reported.stream().mapToInt(Reported::delayed).sum();
		for (int i = counted; i < this.delayed.length; i++) {
			Delayed delayed = reply.delayed().get(i);
			String name = NamedTimers.nameOf(self, dialect, delayed);
			this.delayed[i] = (name != null) ? positions.getOrDefault(name, UNKNOWN) : UNKNOWN;
		}
	}

}
