package dev.statefun.local;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.statefun.local.Reply.Delayed;
import dev.statefun.local.Reply.Mutation;
import dev.statefun.local.Reply.StateSpec;
import dev.statefun.local.Reply.Target;
import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.local.Timers.Retry;
import dev.statefun.local.Timers.Timer;
import dev.statefun.local.Timers.TokenKey;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Expiration;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.TimerMessage;
import org.jspecify.annotations.Nullable;

/**
 * State of a runtime: function instances, waiting messages, timers and egresses. Replies
 * are checked completely before any of their effects is applied. Not thread-safe. Has no
 * clock: callers pass the time.
 */
final class Cluster {

	static final String ANY_TYPE = "type.googleapis.com/google.protobuf.Any";

	private static final String UNSET_TYPE = "io.statefun.types/unset";

	private final Dialect dialect;

	private final Timers timers = new Timers();

	private final Map<String, Map<String, HostedFunction>> functions = new HashMap<>();

	private final Predicate<FunctionType> outside;

	private final Egresses egresses;

	private final ClusterLimits limits;

	private final MessageIds ids;

	private final MessageFlow flow;

	/** Instances with a batch that is ready to be sent. */
	private final ArrayDeque<Mailbox> ready = new ArrayDeque<>();

	/** Number of messages that have arrived but are not handled yet. */
	private long waiting;

	Cluster(Settings settings, Egresses egresses, MessageIds ids) {
		this.dialect = settings.dialect();
		this.outside = settings.outside();
		this.egresses = egresses;
		this.ids = ids;
		this.flow = new MessageFlow(settings.dialect(), settings.listeners());
		this.limits = settings.limits();
		settings.functions().forEach((type, binding) -> add(hosted(type, binding)));
	}

	private HostedFunction hosted(FunctionType type, Binding binding) {
		HostedFunction function = HostedFunction.served(type, binding.endpoint());
		if (this.dialect == Dialect.V2) {
			// Known from module.yaml on a 2.x cluster (protocol.md §4.2)
			binding.states()
				.forEach((state) -> function.add(new KeptState(state.name(), "", state.expiration(), true)));
		}
		return function;
	}

	private void add(HostedFunction function) {
		this.functions.computeIfAbsent(function.type().namespace(), (namespace) -> new HashMap<>())
			.put(function.type().name(), function);
	}

	Dialect dialect() {
		return this.dialect;
	}

	Egresses egresses() {
		return this.egresses;
	}

	MessageIds ids() {
		return this.ids;
	}

	MessageFlow flow() {
		return this.flow;
	}

	private @Nullable HostedFunction find(String namespace, String name) {
		Map<String, HostedFunction> names = this.functions.get(namespace);
		return (names != null) ? names.get(name) : null;
	}

	// Returns a function that can receive messages
	HostedFunction served(FunctionType type) {
		HostedFunction function = find(type.namespace(), type.name());
		if (function == null || !function.isServed()) {
			throw new IllegalArgumentException("There is no function '" + type + "' here; there are " + servedNames());
		}
		return function;
	}

	// For functions in a snapshot that no module binds any more
	HostedFunction findOrRemember(FunctionType type) {
		HostedFunction function = find(type.namespace(), type.name());
		if (function == null) {
			function = this.outside.test(type) ? HostedFunction.outside(type) : HostedFunction.remembered(type);
			add(function);
		}
		return function;
	}

	List<HostedFunction> functions() {
		return this.functions.values().stream().flatMap((names) -> names.values().stream()).toList();
	}

	private String servedNames() {
		return String.join(", ",
				functions().stream()
					.filter(HostedFunction::isServed)
					.map((function) -> "'" + function.type() + "'")
					.sorted()
					.toList());
	}

	void requireRoom(Address target, int messages) {
		if (this.waiting > this.limits.waitingMessages() - messages) {
			throw new LimitExceededException("The message for '" + target + "' was rejected: " + this.waiting
					+ " messages are waiting; send it again later, or raise the limit 'waitingMessages'");
		}
	}

	void deliver(HostedFunction target, String id, Message message) {
		if (target.isOutside()) {
			return;
		}
		Mailbox mailbox = target.mailbox(id);
		this.waiting++;
		if (mailbox.add(message) && target.isServed()) {
			this.ready.add(mailbox);
		}
	}

	void deliverTogether(HostedFunction target, String id, List<Message> messages) {
		Mailbox mailbox = target.mailbox(id);
		this.waiting += messages.size();
		if (mailbox.addTogether(messages, this.limits.batchSize(target))) {
			this.ready.add(mailbox);
		}
	}

	// A restored job sends the batches in flight again
	void resume() {
		for (HostedFunction function : functions()) {
			for (Mailbox mailbox : function.mailboxes()) {
				if (mailbox.inFlight() != null) {
					this.waiting += mailbox.size();
					if (function.isServed()) {
						this.ready.add(mailbox);
					}
				}
			}
		}
	}

	// Returns the next instance with a batch to send
	@Nullable Mailbox poll(long now) {
		for (Timer due = this.timers.pollDue(now); due != null; due = this.timers.pollDue(now)) {
			if (due instanceof DelayedMessage delayed) {
				deliver(delayed, now);
			}
			else if (due instanceof Retry retry) {
				this.ready.add(retry.mailbox());
			}
		}
		return this.ready.poll();
	}

	private void deliver(DelayedMessage delayed, long now) {
		if (this.flow.isFollowed()) {
			this.flow.fired(delayed, now);
		}
		deliver(delayed.target(), delayed.id(), delayed.message());
	}

	// Delivers a delayed message before its time
	void fire(DelayedMessage delayed, long now) {
		this.timers.remove(delayed);
		deliver(delayed, now);
	}

	void delay(long due, HostedFunction target, String id, Message message, String token) {
		this.timers.delay(due, target, id, message, token);
	}

	List<DelayedMessage> delayedMessages() {
		return this.timers.delayedMessages();
	}

	Timers timers() {
		return this.timers;
	}

	void retry(long due, Mailbox mailbox) {
		this.timers.retry(due, mailbox);
	}

	boolean hasRetries() {
		return this.timers.hasRetries();
	}

	// Returns when the next timer is due, or Long.MAX_VALUE
	long nextDue() {
		return this.timers.nextDue();
	}

	// Sends a batch again whose earlier attempt was given up
	void again(Mailbox mailbox) {
		this.ready.addFirst(mailbox);
	}

	// Instances whose states have all expired are not kept
	void forgetExpired(long now) {
		functions().forEach((function) -> function.removeEmptyMailboxes(now));
	}

	boolean isReady(long now) {
		return !this.ready.isEmpty() || nextDue() <= now;
	}

	byte[] request(Mailbox mailbox, Batch batch, long now) {
		byte[] request = batch.request();
		if (request == null) {
			request = RequestWriter.write(this.dialect, mailbox, batch, now);
			batch.request(request, mailbox.function().registeredStates());
		}
		batch.sent(now);
		return request;
	}

	// Throws before anything has changed
	void apply(Mailbox mailbox, Batch batch, Reply reply, long now, Listeners listeners,
			@Nullable AppliedReply applied) {
		List<StateSpec> missing = reply.missing();
		if (missing != null) {
			register(mailbox, batch, missing);
			this.ready.addFirst(mailbox);
			return;
		}
		List<HostedFunction> targets = check(mailbox, batch, reply);
		Effects effects = listeners.isEmpty() ? null : new ReplyEffects(this).describe(mailbox, batch, reply, now);
		if (applied != null) {
			applied.begin(this);
		}
		int target = 0;
		for (Reply.Sent sent : reply.messages()) {
			send(mailbox, sent, targets.get(target++), applied);
		}
		for (Delayed delayed : reply.delayed()) {
			if (delayed.cancellation()) {
				cancel(mailbox, delayed, applied);
			}
			else {
				sendLater(mailbox, delayed, targets.get(target++), now, applied);
			}
		}
		for (Reply.Egress egress : reply.egresses()) {
			this.egresses.add(egress, this.dialect);
		}
		for (Mutation mutation : reply.mutations()) {
			apply(mailbox, mutation, now);
		}
		this.waiting -= batch.size();
		if (mailbox.next(this.limits.batchSize(mailbox.function()))) {
			this.ready.add(mailbox);
		}
		else {
			mailbox.function().removeIfEmpty(mailbox, now);
		}
		if (effects != null) {
			listeners.replied(effects);
		}
	}

	private void send(Mailbox sender, Reply.Sent sent, HostedFunction target, @Nullable AppliedReply applied) {
		Message message = message(sender, sent.argument());
		if (applied != null) {
			applied.sent(target, sent.target().id(), message);
		}
		deliver(target, sent.target().id(), message);
	}

	private void sendLater(Mailbox sender, Delayed delayed, HostedFunction target, long now,
			@Nullable AppliedReply applied) {
		DelayedMessage pending = this.timers.delay(saturatedAdd(now, delayed.delayMillis()), target,
				delayed.target().id(), message(sender, delayed.argument()), delayed.token());
		if (applied != null) {
			applied.sentLater(pending, delayed.delayMillis());
		}
	}

	private void cancel(Mailbox sender, Delayed cancellation, @Nullable AppliedReply applied) {
		DelayedMessage cancelled = this.timers.cancel(new TokenKey(sender.address().id(), cancellation.token()));
		if (applied != null) {
			applied.cancelled(cancelled);
		}
	}

	private Message message(Mailbox sender, byte[] argument) {
		return new Message(this.ids.next(), sender.address(), argument);
	}

	private static long saturatedAdd(long now, long delay) {
		return (delay > Long.MAX_VALUE - now) ? Long.MAX_VALUE : now + delay;
	}

	private static void apply(Mailbox mailbox, Mutation mutation, long now) {
		int state = mailbox.function().indexOf(mutation.name());
		if (mutation.kind() == Mutation.DELETE) {
			mailbox.value(state, null, now);
		}
		else if (mutation.kind() == Mutation.MODIFY) {
			mailbox.value(state, mutation.value(), now);
		}
	}

	// Registers states that a function names for the first time (protocol.md §4.1)
	private void register(Mailbox mailbox, Batch batch, List<StateSpec> specs) {
		FunctionType type = mailbox.function().type();
		if (this.dialect == Dialect.V2) {
			throw new JobFailedException("Function '" + type
					+ "' asked for missing states, which a 2.x cluster takes for a reply without effects: the batch "
					+ "would be lost (protocol.md §1). Pin the protocol of the service to 2.x");
		}
		for (StateSpec spec : specs) {
			checkSpec(mailbox.function(), spec);
			register(mailbox.function(), spec);
		}
		batch.missingStates();
		// Another instance may have registered them while this one was asking
		if (mailbox.function().registeredStates() == batch.statesSent()) {
			throw new LimitExceededException("Function '" + type
					+ "' asked for missing states, but named none that it had not been sent (named: "
					+ specs.stream().map(StateSpec::name).toList() + ", known: " + mailbox.function().stateNames()
					+ "). A cluster would ask it again forever");
		}
		if (batch.missingStateReplies() > this.limits.missingStateReplies()) {
			throw new LimitExceededException(
					"Function '" + type + "' asked for missing states " + batch.missingStateReplies()
							+ " times for one batch, for new ones each time. A cluster would ask it "
							+ "again forever; raise the limit 'missingStateReplies' if that is meant");
		}
	}

	private static void checkSpec(HostedFunction function, StateSpec spec) {
		String typename = typename(spec);
		int slash = typename.indexOf('/');
		if (slash < 0 || slash == typename.length() - 1 || slash != typename.lastIndexOf('/')) {
			throw new JobFailedException(describe(function, spec.name()) + " has the type '" + typename
					+ "'; expected a name with exactly one '/'");
		}
		if (isExpiring(spec) && spec.millis() <= 0) {
			throw new JobFailedException(describe(function, spec.name()) + " expires after " + spec.millis()
					+ " ms; expected a positive time");
		}
		if (spec.name().equals("batch") || spec.name().equals("request-state")) {
			throw new JobFailedException(
					describe(function, spec.name()) + " has a name that Flink uses itself; choose another name");
		}
		int known = function.indexOf(spec.name());
		if (known < 0) {
			return;
		}
		KeptState state = function.states().get(known);
		if (!state.typename().equals(typename)) {
			throw new JobFailedException(describe(function, spec.name()) + " is declared with the type '" + typename
					+ "', but is kept with the type '" + state.typename()
					+ "' already. Give the state another name, or start with empty states");
		}
		if (!state.isRegistered() && state.expires() != isExpiring(spec)) {
			throw new JobFailedException(
					describe(function, spec.name()) + " is declared " + (isExpiring(spec) ? "with" : "without")
							+ " an expiration, but is kept " + (state.expires() ? "with" : "without")
							+ " one already. Give the state another name, or start with empty states");
		}
	}

	private static void register(HostedFunction function, StateSpec spec) {
		int known = function.indexOf(spec.name());
		if (known < 0) {
			function.add(new KeptState(spec.name(), typename(spec), expiration(spec), true));
		}
		else {
			function.states().get(known).register(expiration(spec));
		}
	}

	private static String typename(StateSpec spec) {
		return spec.typename().isEmpty() ? UNSET_TYPE : spec.typename();
	}

	private static boolean isExpiring(StateSpec spec) {
		return spec.expiration() == 1 || spec.expiration() == 2;
	}

	private static Expiration expiration(StateSpec spec) {
		return switch (spec.expiration()) {
			case 1 -> Expiration.afterWrite(Duration.ofMillis(spec.millis()));
			case 2 -> Expiration.afterCall(Duration.ofMillis(spec.millis()));
			default -> Expiration.never();
		};
	}

	// Checks everything that fails a job (protocol.md §12). Returns the receivers, in
	// order
	private List<HostedFunction> check(Mailbox mailbox, Batch batch, Reply reply) {
		long others = this.waiting - batch.size();
		if (others + reply.messages().size() > this.limits.waitingMessages()) {
			throw new LimitExceededException("Function '" + mailbox.function().type() + "', id '"
					+ mailbox.address().id() + "', sent " + reply.messages().size() + " messages while " + others
					+ " are waiting; functions probably send to each other without end. Raise the limit "
					+ "'waitingMessages' (now " + this.limits.waitingMessages() + ") if that is meant");
		}
		List<HostedFunction> targets = new ArrayList<>(reply.messages().size() + reply.delayed().size());
		for (Reply.Sent sent : reply.messages()) {
			targets.add(target(mailbox, sent.target()));
		}
		if (!reply.delayed().isEmpty()) {
			checkDelayed(mailbox, reply, targets);
		}
		this.egresses.requireRoom(mailbox.function().type(), reply.egresses());
		for (Reply.Egress egress : reply.egresses()) {
			this.egresses.check(mailbox.function().type(), egress, this.dialect);
		}
		for (Mutation mutation : reply.mutations()) {
			checkMutation(mailbox.function(), mutation);
		}
		return targets;
	}

	private HostedFunction target(Mailbox mailbox, Target target) {
		HostedFunction function = find(target.namespace(), target.name());
		if (function != null && (function.isServed() || function.isOutside())) {
			return function;
		}
		FunctionType type = type(target);
		if (type == null || function != null || !this.outside.test(type)) {
			throw new JobFailedException(
					"Function '" + mailbox.function().type() + "' sent a message to function '" + target.namespace()
							+ "/" + target.name() + "', id '" + target.id() + "', which no module binds; there are "
							+ servedNames() + ". Check the name, or serve the function");
		}
		HostedFunction elsewhere = HostedFunction.outside(type);
		add(elsewhere);
		return elsewhere;
	}

	private static @Nullable FunctionType type(Target target) {
		try {
			return FunctionType.of(target.namespace(), target.name());
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private void checkDelayed(Mailbox mailbox, Reply reply, List<HostedFunction> targets) {
		FunctionType type = mailbox.function().type();
		Map<String, Boolean> pendingAfterwards = new HashMap<>();
		for (Delayed delayed : reply.delayed()) {
			String token = delayed.token();
			if (delayed.cancellation()) {
				if (token.isEmpty()) {
					throw new JobFailedException("Function '" + type
							+ "' cancelled a delayed message without saying which: its token is empty");
				}
				pendingAfterwards.put(token, false);
				continue;
			}
			if (delayed.delayMillis() < 0) {
				throw new JobFailedException("Function '" + type + "' sent a message with a delay of "
						+ delayed.delayMillis() + " ms; expected zero or more");
			}
			targets.add(target(mailbox, delayed.target()));
			if (!token.isEmpty()) {
				boolean pending = pendingAfterwards.computeIfAbsent(token,
						(key) -> this.timers.isPending(new TokenKey(mailbox.address().id(), key)));
				if (pending) {
					throw new JobFailedException("Function '" + type + "', id '" + mailbox.address().id()
							+ "', sent a delayed message with the token '" + token
							+ "', with which another one is pending. Functions of the same id share their tokens, "
							+ "whatever their types; cancel the other message first, or use a token of its own");
				}
				pendingAfterwards.put(token, true);
			}
		}
	}

	private void checkMutation(HostedFunction function, Mutation mutation) {
		int index = function.indexOf(mutation.name());
		if (index < 0) {
			throw new JobFailedException(describe(function, mutation.name())
					+ " was changed, but does not exist; known: " + function.stateNames());
		}
		if (this.dialect == Dialect.V2) {
			return;
		}
		if (mutation.kind() != Mutation.DELETE && mutation.kind() != Mutation.MODIFY) {
			throw new JobFailedException(
					describe(function, mutation.name()) + " was changed in an unknown way: " + mutation.kind());
		}
		String typename = mutation.typename().isEmpty() ? UNSET_TYPE : mutation.typename();
		KeptState state = function.states().get(index);
		if (mutation.kind() == Mutation.MODIFY && !state.typename().equals(typename)) {
			throw new JobFailedException(describe(function, mutation.name()) + " was set to a value of the type '"
					+ typename + "'; expected '" + state.typename() + "'");
		}
	}

	private static String describe(HostedFunction function, String state) {
		return "State '" + state + "' of function '" + function.type() + "'";
	}

	// The state with the named timers of an instance, if it has a value
	@Nullable Any timersOf(Mailbox mailbox, long now) {
		return state(mailbox, NamedTimers.STATE, now).orElse(null);
	}

	// Times at which the pending named timers of an instance are due
	SortedMap<String, Long> pendingTimers(Address self, long now) {
		SortedMap<String, Long> due = new TreeMap<>();
		HostedFunction function = served(self.type());
		Mailbox mailbox = function.findMailbox(self.id());
		if (mailbox == null) {
			return due;
		}
		Map<String, Long> nonces = NamedTimers.noncesOf(timersOf(mailbox, now));
		if (nonces.isEmpty()) {
			return due;
		}
		for (DelayedMessage delayed : delayedMessages()) {
			if (delayed.target() == function && delayed.id().equals(self.id())) {
				TimerMessage timer = NamedTimers.timerOf(Argument.decode(this.dialect, delayed.message().argument()));
				if (timer != null && nonces.remove(timer.name(), timer.nonce())) {
					due.put(timer.name(), delayed.due());
				}
			}
		}
		return due;
	}

	// On 2.x a state's bytes are opaque; those of the official SDKs and ours are an Any
	static Any stateValue(Dialect dialect, String typename, byte[] value) {
		if (dialect == Dialect.V2 || typename.equals(ANY_TYPE)) {
			try {
				return Any.parseFrom(value);
			}
			catch (InvalidProtocolBufferException ex) {
				return Any.newBuilder().setValue(ByteString.copyFrom(value)).build();
			}
		}
		return Any.newBuilder().setTypeUrl(typename).setValue(ByteString.copyFrom(value)).build();
	}

	// The value of a state; on 2.x, no bytes are no value
	Optional<Any> state(Mailbox mailbox, String name, long now) {
		int index = mailbox.function().indexOf(name);
		byte[] value = (index < 0) ? null : mailbox.value(index, now);
		if (value == null || (value.length == 0 && this.dialect == Dialect.V2)) {
			return Optional.empty();
		}
		return Optional.of(stateValue(this.dialect, mailbox.function().states().get(index).typename(), value));
	}

	byte[] stateBytes(Any value, String typename) {
		return (this.dialect == Dialect.V2 || typename.equals(ANY_TYPE)) ? value.toByteArray()
				: value.getValue().toByteArray();
	}

}
