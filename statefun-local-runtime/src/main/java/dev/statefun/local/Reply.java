package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A function's reply to one request, as received: {@code FromFunction} (protocol.md §1).
 */
final class Reply {

	private final List<Effect> sent = new ArrayList<>();

	private final List<Sent> messages = new ArrayList<>();

	private final List<Delayed> delayed = new ArrayList<>();

	private final List<Egress> egresses = new ArrayList<>();

	private final List<Mutation> mutations = new ArrayList<>();

	private final @Nullable List<StateSpec> missing;

	private Reply(@Nullable List<StateSpec> missing) {
		this.missing = missing;
	}

	static Reply empty() {
		return new Reply(null);
	}

	static Reply missing(List<StateSpec> states) {
		return new Reply(states);
	}

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

	void add(Mutation mutation) {
		this.mutations.add(mutation);
	}

	// Everything that is sent, in the order received; nothing depends on that order
	List<Effect> sent() {
		return this.sent;
	}

	List<Sent> messages() {
		return this.messages;
	}

	List<Delayed> delayed() {
		return this.delayed;
	}

	List<Egress> egresses() {
		return this.egresses;
	}

	List<Mutation> mutations() {
		return this.mutations;
	}

	// States that the function asks for instead of replying; 3.x only
	@Nullable List<StateSpec> missing() {
		return this.missing;
	}

	// Nothing is checked: an address of three empty parts is a valid receiver
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
	 * @param kind 0 deletes, 1 modifies, others only occur by mistake
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
	 * @param millis time to live
	 */
	record StateSpec(String name, String typename, int expiration, long millis) {

	}

}
