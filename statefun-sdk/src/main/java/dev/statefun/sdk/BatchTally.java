package dev.statefun.sdk;

import java.util.Arrays;

import dev.statefun.sdk.BatchReport.InvocationCount;
import dev.statefun.sdk.BatchReport.MessageCount;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.protocol.BatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Counts, for whoever listens, what a batch handles and sends. Whole batches are told
 * about, so that a message costs no more than an addition.
 */
final class BatchTally {

	private static final InvocationOutcome[] OUTCOMES = InvocationOutcome.values();

	/** Beyond so many targets they are counted without their names. */
	private static final int MAX_TARGETS = 64;

	/** By handler, starting with the unknown one, and outcome. */
	private final int[] invocations;

	private Sent sent = new Sent(4);

	private @Nullable Sent marked;

	/** The last invocation whose caller was looked at, and what it is. */
	private int known = -1;

	private int knownLength;

	private @Nullable FunctionType knownType;

	BatchTally(int handlers) {
		this.invocations = new int[(handlers + 1) * OUTCOMES.length];
	}

	void ended(int handler, InvocationOutcome outcome) {
		this.invocations[(handler + 1) * OUTCOMES.length + outcome.ordinal()]++;
	}

	void sent(MessageKind kind, @Nullable Object target) {
		this.sent.add(kind, target);
	}

	// The callers of a batch mostly are of one type, and written the same way
	void replied(BatchRequest request, int invocation) {
		if (this.known < 0 || !request.hasSameCallerType(invocation, this.known, this.knownLength)) {
			this.knownLength = request.callerTypeLength(invocation);
			this.known = (this.knownLength < 0) ? -1 : invocation;
			this.knownType = typeOf(request.caller(invocation));
		}
		this.sent.add(MessageKind.REPLY, this.knownType);
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
		this.marked = this.sent.copy();
	}

	void rollBack() {
		if (this.marked != null) {
			this.sent = this.marked.copy();
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
	 * Numbers of messages by kind and target, of which there are few in a batch.
	 */
	private static final class Sent {

		private MessageKind[] kinds;

		private @Nullable Object[] targets;

		private int[] counts;

		private int size;

		Sent(int capacity) {
			this.kinds = new MessageKind[capacity];
			this.targets = new Object[capacity];
			this.counts = new int[capacity];
		}

		Sent copy() {
			Sent copy = new Sent(this.kinds.length);
			copy.size = this.size;
			System.arraycopy(this.kinds, 0, copy.kinds, 0, this.size);
			System.arraycopy(this.targets, 0, copy.targets, 0, this.size);
			System.arraycopy(this.counts, 0, copy.counts, 0, this.size);
			return copy;
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
		}

		private int find(MessageKind kind, @Nullable Object target) {
			int place = 0;
			while (place < this.size && !(this.kinds[place] == kind && isSame(this.targets[place], target))) {
				place++;
			}
			return place;
		}

		private static boolean isSame(@Nullable Object known, @Nullable Object target) {
			return known == target || (known != null && known.equals(target));
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
