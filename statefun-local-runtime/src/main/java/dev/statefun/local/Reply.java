package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A function's reply to one request, as it came: {@code FromFunction} (protocol.md §1).
 */
final class Reply {

	/** All that is sent, in the order in which it came; nothing of it depends on that. */
	final List<Effect> sent = new ArrayList<>();

	final List<Sent> messages = new ArrayList<>();

	final List<Delayed> delayed = new ArrayList<>();

	final List<Egress> egresses = new ArrayList<>();

	final List<Mutation> mutations = new ArrayList<>();

	/** What the function asks for instead of an answer; 3.x only. */
	@Nullable List<StateSpec> missing;

	void add(Sent message) {
		this.messages.add(message);
		this.sent.add(message);
	}

	void add(Delayed message) {
		this.delayed.add(message);
		this.sent.add(message);
	}

	void add(Egress record) {
		this.egresses.add(record);
		this.sent.add(record);
	}

	// Nothing is checked: even an address of three empty parts can be sent to
	record Target(String namespace, String name, String id) {

		static final Target UNSET = new Target("", "", "");

		@Override
		public String toString() {
			return this.namespace + "/" + this.name + "/" + this.id;
		}

	}

	/**
	 * An entry of one of the lists.
	 */
	sealed interface Effect permits Sent, Delayed, Egress {

	}

	record Sent(Target target, byte[] argument) implements Effect {

	}

	record Delayed(long delayMillis, Target target, byte[] argument, boolean cancellation,
			String token) implements Effect {

	}

	record Egress(String namespace, String name, byte[] argument) implements Effect {

		String id() {
			return this.namespace + "/" + this.name;
		}

	}

	/**
	 * A change of a state.
	 *
	 * @param kind 0 deletes, 1 modifies, others exist only by mistake
	 * @param name name of the state
	 * @param typename type of the value; 3.x only
	 * @param value bytes of the value
	 */
	record Mutation(int kind, String name, String typename, byte[] value) {

		static final int DELETE = 0;

		static final int MODIFY = 1;

	}

	/**
	 * A state that the function declares.
	 *
	 * @param name name of the state
	 * @param typename type of its value
	 * @param expiration 0 never, 1 after write, 2 after call
	 * @param millis how long it lives
	 */
	record StateSpec(String name, String typename, int expiration, long millis) {

	}

}
