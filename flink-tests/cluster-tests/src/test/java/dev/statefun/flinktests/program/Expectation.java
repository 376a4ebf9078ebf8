package dev.statefun.flinktests.program;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * The result of a program, determined without a runtime: message after message, each
 * followed directly by the messages that it sends. A runtime could use that order, and
 * the result is the same for all orders.
 */
public final class Expectation {

	private final Map<Address, Map<String, String>> states = new HashMap<>();

	private final Map<Address, Long> counts = new HashMap<>();

	private final Map<String, Message> pending = new HashMap<>();

	private final Map<String, Message> timers = new HashMap<>();

	private final List<String> records = new ArrayList<>();

	private int messages;

	private Expectation() {
	}

	/**
	 * Determine the result of a program.
	 * @param program the program
	 * @return its result
	 */
	public static Expectation of(Program program) {
		Expectation expectation = new Expectation();
		program.inputs().forEach((input) -> expectation.deliver(Message.fromIngress(input.target(), input.message())));
		return expectation;
	}

	/**
	 * Return the records of the egress.
	 * @return the records, in the form of {@link #record}
	 */
	public List<String> records() {
		return List.copyOf(this.records);
	}

	/**
	 * Return the records of the egress after every instance was asked for its states.
	 * @param program the program
	 * @return the records
	 */
	public static List<String> recordsAndStates(Program program) {
		Expectation expectation = of(program);
		for (Address address : program.addresses()) {
			expectation.deliver(Message.fromIngress(address, Commands.report()));
		}
		return expectation.records();
	}

	/**
	 * Return the number of messages that functions handle.
	 * @return the number
	 */
	public int messages() {
		return this.messages;
	}

	/**
	 * Return the number of delayed messages that are not delivered within the hour.
	 * @return the number
	 */
	public int pendingDelayedMessages() {
		return this.pending.size();
	}

	/**
	 * Return the number of named timers that do not fire within the hour.
	 * @return the number
	 */
	public int pendingTimers() {
		return this.timers.size();
	}

	/**
	 * Describe a record.
	 * @param key its key, which is the sender
	 * @param text its value
	 * @return both
	 */
	public static String record(String key, String text) {
		return key + ": " + text;
	}

	private void deliver(Message message) {
		ExpectedInstance instance = new ExpectedInstance(this, message);
		this.messages++;
		instance.egress(message.commands().name());
		message.commands().list().forEach((command) -> command.execute(instance));
		instance.sent.forEach(this::deliver);
		instance.scheduled.forEach((token, sent) -> {
			if (this.pending.remove(token, sent)) {
				deliver(sent);
			}
		});
		instance.started.forEach((timer, sent) -> {
			if (this.timers.remove(timer, sent)) {
				deliver(sent);
			}
		});
	}

	private record Message(@Nullable Address caller, Address self, Commands commands, Map<String, String> headers) {

		static Message fromIngress(Address self, Commands commands) {
			return new Message(null, self, commands, Map.of());
		}

	}

	private static final class ExpectedInstance implements Instance {

		private static final Duration NEVER = Duration.ofHours(1);

		private final Expectation cluster;

		private final Message message;

		private final Address self;

		private final Map<String, String> added;

		private final List<Message> sent;

		private final Map<String, Message> scheduled;

		/** Named timers that fire within the hour. */
		private final Map<String, Message> started;

		ExpectedInstance(Expectation cluster, Message message) {
			this(cluster, message, Map.of(), new ArrayList<>(), new HashMap<>(), new HashMap<>());
		}

		private ExpectedInstance(Expectation cluster, Message message, Map<String, String> added, List<Message> sent,
				Map<String, Message> scheduled, Map<String, Message> started) {
			this.cluster = cluster;
			this.message = message;
			this.self = message.self();
			this.added = added;
			this.sent = sent;
			this.scheduled = scheduled;
			this.started = started;
		}

		private Map<String, String> states() {
			return this.cluster.states.computeIfAbsent(this.self, (address) -> new HashMap<>());
		}

		@Override
		public void increment() {
			this.cluster.counts.merge(this.self, 1L, Long::sum);
		}

		@Override
		public long count() {
			return this.cluster.counts.getOrDefault(this.self, 0L);
		}

		@Override
		public Optional<String> get(String state) {
			return Optional.ofNullable(states().get(state));
		}

		@Override
		public void set(String state, String text) {
			states().put(state, text);
		}

		@Override
		public void delete(String state) {
			states().remove(state);
		}

		@Override
		public void egress(String text) {
			this.cluster.records.add(record(this.self.toString(), text));
		}

		@Override
		public void send(Address target, Commands commands) {
			this.sent.add(message(target, commands));
		}

		@Override
		public void reply(Commands commands) {
			Address caller = this.message.caller();
			if (caller == null) {
				throw new IllegalStateException("No caller: " + this.message);
			}
			send(caller, commands);
		}

		@Override
		public void sendAfter(Duration delay, Address target, Commands commands) {
			send(target, commands);
		}

		@Override
		public void schedule(String token, Duration delay, Address target, Commands commands) {
			Message later = message(target, commands);
			String key = this.self.id() + " " + token;
			if (this.cluster.pending.putIfAbsent(key, later) != null) {
				throw new IllegalStateException("Token '" + key + "' is pending");
			}
			if (delay.compareTo(NEVER) < 0) {
				this.scheduled.put(key, later);
			}
		}

		@Override
		public void cancel(String token) {
			this.cluster.pending.remove(this.self.id() + " " + token);
		}

		// The last start counts, whatever the others would have sent
		@Override
		public void startTimer(String timer, Duration delay, Commands commands) {
			String key = this.self + " " + timer;
			Message later = new Message(null, this.self, commands, sentHeaders());
			this.cluster.timers.put(key, later);
			this.started.remove(key);
			if (delay.compareTo(NEVER) < 0) {
				this.started.put(key, later);
			}
		}

		@Override
		public void cancelTimer(String timer) {
			this.cluster.timers.remove(this.self + " " + timer);
		}

		@Override
		public boolean isPending(String timer) {
			return this.cluster.timers.containsKey(this.self + " " + timer);
		}

		private Message message(Address target, Commands commands) {
			return new Message(this.self, target, commands, sentHeaders());
		}

		private Map<String, String> sentHeaders() {
			Map<String, String> headers = new TreeMap<>(this.message.headers());
			headers.keySet().retainAll(Set.of(PROPAGATED));
			headers.putAll(this.added);
			return headers;
		}

		@Override
		public Map<String, String> headers() {
			return this.message.headers();
		}

		@Override
		public Instance withHeader(String key, String value) {
			Map<String, String> extended = new HashMap<>(this.added);
			extended.put(key, value);
			return new ExpectedInstance(this.cluster, this.message, extended, this.sent, this.scheduled, this.started);
		}

		@Override
		public void forward(Address target) {
			Map<String, String> headers = new TreeMap<>(this.message.headers());
			headers.putAll(this.added);
			this.sent.add(new Message(this.self, target, this.message.commands(), headers));
		}

	}

}
