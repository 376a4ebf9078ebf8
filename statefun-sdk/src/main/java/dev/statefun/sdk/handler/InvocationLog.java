package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Any;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.InvocationListener;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.InvocationReport;
import dev.statefun.sdk.listener.MessageKind;
import dev.statefun.sdk.listener.TimerOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Records which effects each message of a batch has, for a listener that asked for it.
 * Not thread-safe: effects of other threads are counted under the lock of the batch's
 * effects, as in {@link BatchTally}.
 */
final class InvocationLog {

	private static final int KINDS = MessageKind.values().length;

	private final InvocationListener listener;

	private final List<Entry> entries = new ArrayList<>();

	/** Effects of the current message by kind. */
	private final int[] counts = new int[KINDS];

	/** The last write of each state before the current message. */
	private final Map<StateCell<?>, Object> written = new IdentityHashMap<>();

	InvocationLog(InvocationListener listener) {
		this.listener = listener;
	}

	void sent(MessageKind kind) {
		this.counts[kind.ordinal()]++;
	}

	void rollBack() {
		Arrays.fill(this.counts, 0);
	}

	void ended(int index, InvocationOutcome outcome, @Nullable Throwable failure, BatchStates states) {
		Map<String, @Nullable Any> changes = new LinkedHashMap<>();
		states.forEachCell((state) -> {
			Object written = state.written();
			if (written != null && this.written.put(state, written) != written) {
				changes.put(state.slot().spec().name(), state.writtenValue());
			}
		});
		this.entries.add(new Entry(index, outcome, failure, this.counts.clone(), changes, new LinkedHashMap<>()));
		Arrays.fill(this.counts, 0);
	}

	void report(@Nullable BatchTimers timers) {
		if (timers != null) {
			Map<Integer, Entry> byIndex = new HashMap<>();
			this.entries.forEach((entry) -> byIndex.put(entry.index(), entry));
			timers.forEachChange((invocation, name, outcome) -> {
				Entry entry = byIndex.get(invocation);
				if (entry != null) {
					entry.timers().put(name, outcome);
				}
			});
		}
		this.entries.forEach(this.listener::invocationEnded);
	}

	/**
	 * Report on a message.
	 *
	 * @param index position of the message
	 * @param outcome its outcome
	 * @param failure its failure, if it failed
	 * @param counts its effects by kind
	 * @param states the states that it changed, with their values
	 * @param timers the timers that it was the last one to change
	 */
	private record Entry(int index, InvocationOutcome outcome, @Nullable Throwable failure, int[] counts,
			Map<String, @Nullable Any> states, Map<String, TimerOutcome> timers) implements InvocationReport {

		@Override
		public int count(MessageKind kind) {
			return this.counts[kind.ordinal()];
		}

		@Override
		public void forEachState(StateConsumer consumer) {
			this.states.forEach(consumer::accept);
		}

		@Override
		public void forEachTimer(BatchReport.TimerConsumer consumer) {
			this.timers.forEach(consumer::accept);
		}

	}

}
