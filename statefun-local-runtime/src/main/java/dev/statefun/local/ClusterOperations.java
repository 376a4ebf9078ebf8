package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import dev.statefun.local.Timers.DelayedMessage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Operations on the cluster of a dispatcher, each with its lock.
 */
final class ClusterOperations implements LocalRuntimeOperations {

	private static final Comparator<Mailbox> BY_ID = Comparator.comparing((mailbox) -> mailbox.address().id());

	private final Settings settings;

	private final Dispatcher dispatcher;

	private final StateAccess states;

	ClusterOperations(Settings settings, Dispatcher dispatcher, StateAccess states) {
		this.settings = settings;
		this.dispatcher = dispatcher;
		this.states = states;
	}

	@Override
	public List<FunctionLoad> functions() {
		return this.dispatcher.locked(() -> {
			Map<FunctionType, Integer> delayed = new HashMap<>();
			this.dispatcher.cluster()
				.timers()
				.forEachDelayed((message) -> delayed.merge(message.target().type(), 1, Integer::sum));
			return this.settings.functions()
				.keySet()
				.stream()
				.map((type) -> load(type, delayed.getOrDefault(type, 0)))
				.toList();
		});
	}

	private FunctionLoad load(FunctionType type, int delayed) {
		long now = this.dispatcher.now();
		int instances = 0;
		int busy = 0;
		long messages = 0;
		for (Mailbox mailbox : this.dispatcher.cluster().served(type).mailboxes()) {
			int size = mailbox.size();
			instances += mailbox.isEmpty(now) ? 0 : 1;
			busy += (size > 0) ? 1 : 0;
			messages += size;
		}
		return new FunctionLoad(type, instances, busy, messages, delayed);
	}

	// Keeps the first ids only: sorting all of them would take longer
	@Override
	public InstancePage instances(FunctionType type, Predicate<String> ids, @Nullable String after, int limit) {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(ids, "'ids' must not be null");
		requirePositive(limit);
		return this.dispatcher.locked(() -> {
			long now = this.dispatcher.now();
			PriorityQueue<Mailbox> first = new PriorityQueue<>(BY_ID.reversed());
			int total = 0;
			int following = 0;
			for (Mailbox mailbox : this.dispatcher.cluster().served(type).mailboxes()) {
				String id = mailbox.address().id();
				if (!ids.test(id) || mailbox.isEmpty(now)) {
					continue;
				}
				total++;
				if (after == null || id.compareTo(after) > 0) {
					following++;
					keepFirst(first, mailbox, limit);
				}
			}
			Map<String, Integer> delayed = delayedFor(type, first);
			List<Instance> page = first.stream()
				.sorted(BY_ID)
				.map((mailbox) -> describe(mailbox, delayed.getOrDefault(mailbox.address().id(), 0), now))
				.toList();
			return new InstancePage(page, following > limit, total);
		});
	}

	private static void keepFirst(PriorityQueue<Mailbox> first, Mailbox mailbox, int limit) {
		if (first.size() < limit) {
			first.add(mailbox);
		}
		else if (BY_ID.compare(mailbox, Objects.requireNonNull(first.peek())) < 0) {
			first.poll();
			first.add(mailbox);
		}
	}

	// Number of delayed messages by id of their receiver
	private Map<String, Integer> delayedFor(FunctionType type, Collection<Mailbox> receivers) {
		Map<String, Integer> delayed = new HashMap<>();
		receivers.forEach((receiver) -> delayed.put(receiver.address().id(), 0));
		this.dispatcher.cluster().timers().forEachDelayed((message) -> {
			if (message.target().type().equals(type)) {
				delayed.computeIfPresent(message.id(), (id, count) -> count + 1);
			}
		});
		return delayed;
	}

	private static Instance describe(Mailbox mailbox, int delayed, long now) {
		Batch inFlight = mailbox.inFlight();
		int states = 0;
		for (int i = 0; i < mailbox.function().states().size(); i++) {
			states += (mailbox.value(i, now) != null) ? 1 : 0;
		}
		return new Instance(mailbox.address(), (inFlight != null) ? inFlight.size() : 0, mailbox.backlog().size(),
				states, delayed);
	}

	@Override
	public MailboxContent mailbox(Address self, int limit) {
		Objects.requireNonNull(self, "'self' must not be null");
		requirePositive(limit);
		return this.dispatcher.locked(() -> {
			Mailbox mailbox = this.dispatcher.cluster().served(self.type()).findMailbox(self.id());
			Batch inFlight = (mailbox != null) ? mailbox.inFlight() : null;
			List<Message> messages = (inFlight != null) ? inFlight.messages() : List.of();
			List<Message> waiting = (mailbox != null) ? mailbox.backlog() : List.of();
			return new MailboxContent(first(messages, limit), messages.size(),
					(inFlight != null) ? inFlight.failures() : 0, first(waiting, limit), waiting.size());
		});
	}

	private List<QueuedMessage> first(List<Message> messages, int limit) {
		return messages.stream().limit(limit).map(this::describe).toList();
	}

	private QueuedMessage describe(Message message) {
		Content content = contentOf(message);
		Optional<Address> caller = (content.timer() != null) ? Optional.empty() : Optional.ofNullable(message.sender());
		return new QueuedMessage(message.id(), caller, content.message(), content.headers(), content.timerName());
	}

	private Content contentOf(Message message) {
		return Content.of(this.settings.dialect(), message.argument());
	}

	@Override
	public List<InstanceState> states(Address self) {
		Objects.requireNonNull(self, "'self' must not be null");
		return this.dispatcher.locked(() -> {
			HostedFunction function = this.dispatcher.cluster().served(self.type());
			Mailbox mailbox = function.findMailbox(self.id());
			Map<String, InstanceState> states = new LinkedHashMap<>();
			for (StateDescriptor declared : this.states.declared(self.type())) {
				states.put(declared.name(), new InstanceState(declared.name(), declared.typename(), true,
						Optional.empty(), Optional.empty()));
			}
			for (int i = 0; i < function.states().size(); i++) {
				KeptState kept = function.states().get(i);
				InstanceState known = states.get(kept.name());
				states.put(kept.name(), describe(mailbox, i, kept, known));
			}
			states.remove(NamedTimers.STATE);
			return List.copyOf(states.values());
		});
	}

	private InstanceState describe(@Nullable Mailbox mailbox, int index, KeptState kept,
			@Nullable InstanceState declared) {
		String typename = (declared != null) ? declared.typename() : kept.typename();
		Optional<Any> value = (mailbox != null)
				? this.dispatcher.cluster().state(mailbox, kept.name(), this.dispatcher.now()) : Optional.empty();
		Optional<Instant> expires = (mailbox != null && value.isPresent()) ? kept.expiry(mailbox.touched(index))
				: Optional.empty();
		return new InstanceState(kept.name(), typename, declared != null, value, expires);
	}

	@Override
	public void setState(Address self, String name, Optional<Any> expected, Object value) {
		this.states.replace(self, name, expected, value);
	}

	@Override
	public void removeState(Address self, String name, Any expected) {
		this.states.remove(self, name, expected);
	}

	@Override
	public TimerPage timers(Predicate<Address> targets, @Nullable TimerPosition after, int limit) {
		Objects.requireNonNull(targets, "'targets' must not be null");
		requirePositive(limit);
		return this.dispatcher.locked(() -> {
			Timers timers = this.dispatcher.cluster().timers();
			List<PendingTimer> page = new ArrayList<>();
			boolean more = false;
			Iterator<DelayedMessage> following = timers.delayedAfter(after);
			while (following.hasNext() && !more) {
				DelayedMessage delayed = following.next();
				if (targets.test(delayed.address())) {
					more = page.size() == limit;
					if (!more) {
						page.add(describe(delayed));
					}
				}
			}
			return new TimerPage(List.copyOf(page), more, timers.delayedSize());
		});
	}

	private PendingTimer describe(DelayedMessage delayed) {
		Content content = contentOf(delayed.message());
		boolean replaced = content.timer() != null
				&& !NamedTimersState.of(delayed, content.timer(), this.dispatcher).isPending();
		return new PendingTimer(delayed.message().id(), Instant.ofEpochMilli(delayed.due()), delayed.address(),
				delayed.sender(), content.message(), content.headers(), delayed.cancellationToken(content),
				content.timerName(), replaced);
	}

	@Override
	public Optional<PendingTimer> timer(long id) {
		return this.dispatcher
			.locked(() -> Optional.ofNullable(this.dispatcher.cluster().timers().find(id)).map(this::describe));
	}

	@Override
	public boolean fire(long id) {
		return this.dispatcher.locked(() -> {
			this.dispatcher.requireRunning();
			Cluster cluster = this.dispatcher.cluster();
			DelayedMessage delayed = cluster.timers().find(id);
			if (delayed == null) {
				return false;
			}
			cluster.fire(delayed, this.dispatcher.now());
			this.dispatcher.wake();
			return true;
		});
	}

	@Override
	public boolean cancel(long id) {
		return this.dispatcher.locked(() -> {
			this.dispatcher.requireRunning();
			Cluster cluster = this.dispatcher.cluster();
			DelayedMessage delayed = cluster.timers().find(id);
			if (delayed == null) {
				return false;
			}
			Content content = contentOf(delayed.message());
			if (content.timer() != null) {
				NamedTimersState.of(delayed, content.timer(), this.dispatcher).forget();
			}
			cluster.timers().remove(delayed);
			if (cluster.flow().isFollowed()) {
				cluster.flow().cancelled(delayed, MessageCause.outside(), this.dispatcher.now());
			}
			return true;
		});
	}

	@Override
	public RuntimeClock clock() {
		return this.dispatcher.locked(() -> new RuntimeClock(this.dispatcher.clock(),
				Instant.ofEpochMilli(this.dispatcher.now()), Duration.ofMillis(this.dispatcher.ahead())));
	}

	private static void requirePositive(int limit) {
		if (limit < 1) {
			throw new IllegalArgumentException("'limit' is " + limit + "; expected at least 1");
		}
	}

}
