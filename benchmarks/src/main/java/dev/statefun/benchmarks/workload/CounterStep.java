package dev.statefun.benchmarks.workload;

import java.util.List;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.registry.StatefulFunctions;

/**
 * The counter, built up part by part. Each step does what the previous one does and one
 * thing more, so that the difference of two steps is the cost of a part.
 */
public enum CounterStep {

	/** Receives a number and does nothing. */
	EMPTY(new Empty()),

	/** Reads and writes a state. */
	STATE(new WithState()),

	/** Sends a message to an egress. */
	EGRESS(new WithEgress()),

	/** Replies. */
	REPLY(new WithReply()),

	/** Asks whether there is a caller before it replies: the whole counter. */
	CALLER(new OurFunctions.Counter()),

	/** The whole counter, with three headers in each message. */
	HEADERS(new OurFunctions.Counter()) {

		@Override
		public byte[] request(int messages) {
			return ClusterRequests.countWithHeaders("count", messages, List.of("tenant", "zone", "traceparent"));
		}

	};

	private static final EgressId OUT = EgressId.parse(Names.EGRESS);

	private final Object function;

	CounterStep(Object function) {
		this.function = function;
	}

	/**
	 * Create a registry with the function alone.
	 * @return the registry
	 */
	public StatefulFunctions registry() {
		return StatefulFunctions.builder().register(Names.COUNTER, this.function).build();
	}

	/**
	 * Create a request of a cluster, which has the state in each step.
	 * @param messages number of messages
	 * @return the body
	 */
	public byte[] request(int messages) {
		return ClusterRequests.count("count", messages);
	}

	/**
	 * Receives a number.
	 */
	public static class Empty {

		@Handler
		public void count(int amount, Context context) {
		}

	}

	/**
	 * Also counts.
	 */
	public static class WithState {

		@Handler
		public void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count, Context context) {
			count.set(count.get().orElse(0) + amount);
		}

	}

	/**
	 * Also sends the count to an egress.
	 */
	public static class WithEgress {

		@Handler
		public void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count, Context context) {
			int sum = count.get().orElse(0) + amount;
			count.set(sum);
			context.sendEgress(OUT, sum);
		}

	}

	/**
	 * Also replies.
	 */
	public static class WithReply {

		@Handler
		public void count(int amount, @Persisted(Names.STATE) PersistedValue<Integer> count, Context context) {
			int sum = count.get().orElse(0) + amount;
			count.set(sum);
			context.sendEgress(OUT, sum);
			context.reply(sum);
		}

	}

}
