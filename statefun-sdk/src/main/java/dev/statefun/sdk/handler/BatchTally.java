package dev.statefun.sdk.handler;

import java.util.Arrays;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.listener.BatchOutcome;
import dev.statefun.sdk.listener.BatchReport.InvocationCount;
import dev.statefun.sdk.listener.BatchReport.MessageCount;
import dev.statefun.sdk.listener.InvocationOutcome;
import dev.statefun.sdk.listener.MessageKind;
import dev.statefun.sdk.protocol.BatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Counts the messages that a batch handles and sends, for listeners. As counts are
 * reported per batch, a message costs no more than an addition, unless a listener asks
 * for the effects of single messages.
 */
final class BatchTally {

	private static final InvocationOutcome[] OUTCOMES = InvocationOutcome.values();

	/** Maximum number of targets; further ones are counted without their names. */
	private static final int MAX_TARGETS = 64;

	/** Counts by handler, starting with the unknown one, and outcome. */
	private final int[] invocations;

	private final Sent sent = new Sent();

	/** Null unless the effects of single messages are asked for. */
	private final @Nullable InvocationLog log;

	/** Last invocation whose caller was read, with the type of that caller. */
	private int lastInvocation = -1;

	private int lastTypeLength;

	private @Nullable FunctionType lastType;

	BatchTally(int handlers, @Nullable InvocationLog log) {
		this.invocations = new int[(handlers + 1) * OUTCOMES.length];
		this.log = log;
	}

	@Nullable InvocationLog log() {
		return this.log;
	}

	void ended(int handler, InvocationOutcome outcome) {
		this.invocations[(handler + 1) * OUTCOMES.length + outcome.ordinal()]++;
	}

	void sent(MessageKind kind, @Nullable Object target) {
		this.sent.add(kind, target);
		if (this.log != null) {
			this.log.sent(kind);
		}
	}

	// Most callers of a batch are of the same type, with the same bytes
	void replied(BatchRequest request, int invocation) {
		if (this.lastInvocation < 0
				|| !request.hasSameCallerType(invocation, this.lastInvocation, this.lastTypeLength)) {
			this.lastTypeLength = request.callerTypeLength(invocation);
			this.lastInvocation = (this.lastTypeLength < 0) ? -1 : invocation;
			this.lastType = typeOf(request.caller(invocation));
		}
		sent(MessageKind.REPLY, this.lastType);
	}

	private static @Nullable FunctionType typeOf(String[] caller) {
		try {
			return FunctionType.of(caller[0], caller[1]);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	void mark() {
		this.sent.mark();
	}

	void rollBack() {
		this.sent.rollBack();
		if (this.log != null) {
			this.log.rollBack();
		}
	}

	void forEachInvocation(BatchOutcome batch, InvocationCount consumer) {
		for (int handler = 0; handler < this.invocations.length / OUTCOMES.length; handler++) {
			int retried = 0;
			for (InvocationOutcome outcome : OUTCOMES) {
				int count = this.invocations[handler * OUTCOMES.length + outcome.ordinal()];
				if (batch == BatchOutcome.RETRIED) {
					retried += count;
				}
				else if (count > 0) {
					consumer.accept(handler - 1, outcome, count);
				}
			}
			if (retried > 0) {
				consumer.accept(handler - 1, InvocationOutcome.RETRIED, retried);
			}
		}
	}

	void forEachMessage(MessageCount consumer) {
		this.sent.forEach(consumer);
	}

	/**
	 * Counts of sent messages by kind and target. A linear search suffices, as a batch
	 * has few of them.
	 */
	private static final class Sent {

		private MessageKind[] kinds = new MessageKind[4];

		private @Nullable Object[] targets = new Object[4];

		private int[] counts = new int[4];

		private int size;

		/** Positions counted since the mark, for a rollback; null without a mark. */
		private int @Nullable [] recent;

		private int recentSize;

		private int markedSize;

		void mark() {
			if (this.recent == null) {
				this.recent = new int[4];
			}
			this.recentSize = 0;
			this.markedSize = this.size;
		}

		void rollBack() {
			if (this.recent == null) {
				return;
			}
			while (this.recentSize > 0) {
				this.counts[this.recent[--this.recentSize]]--;
			}
			this.size = this.markedSize;
		}

		void add(MessageKind kind, @Nullable Object target) {
			int place = find(kind, target);
			if (place == this.size && this.size >= MAX_TARGETS && target != null) {
				add(kind, null);
				return;
			}
			if (place == this.size) {
				insert(kind, target);
			}
			this.counts[place]++;
			int[] places = this.recent;
			if (places != null) {
				this.recent = remember(place, places);
			}
		}

		private int[] remember(int place, int[] places) {
			int[] larger = (this.recentSize < places.length) ? places : Arrays.copyOf(places, 2 * places.length);
			larger[this.recentSize++] = place;
			return larger;
		}

		private int find(MessageKind kind, @Nullable Object target) {
			int place = 0;
			while (place < this.size && !(this.kinds[place] == kind && isSame(this.targets[place], target))) {
				place++;
			}
			return place;
		}

		private static boolean isSame(@Nullable Object counted, @Nullable Object target) {
			return counted == target || (counted != null && counted.equals(target));
		}

		private void insert(MessageKind kind, @Nullable Object target) {
			if (this.size == this.kinds.length) {
				this.kinds = Arrays.copyOf(this.kinds, 2 * this.size);
				this.targets = Arrays.copyOf(this.targets, 2 * this.size);
				this.counts = Arrays.copyOf(this.counts, 2 * this.size);
			}
			this.kinds[this.size] = kind;
			this.targets[this.size] = target;
			this.size++;
		}

		void forEach(MessageCount consumer) {
			for (int i = 0; i < this.size; i++) {
				Object target = this.targets[i];
				consumer.accept(this.kinds[i], (target instanceof FunctionType function) ? function : null,
						(target instanceof EgressId egress) ? egress : null, this.counts[i]);
			}
		}

	}

}
