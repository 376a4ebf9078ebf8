package dev.statefun.console.record;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;

import com.google.protobuf.Any;
import dev.statefun.console.record.Handling.BatchPosition;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.FunctionType;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the recent past and what they caused, within fixed limits of number and
 * bytes. The oldest are forgotten first.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class Recording {

	/** Maximum number of messages. */
	public static final int MAX_MESSAGES = 5000;

	/** Maximum number of bytes, estimated. */
	public static final long MAX_BYTES = 32 << 20;

	private static final int MAX_EGRESS_RECORDS = 1000;

	private static final int MAX_EGRESS_BYTES = 8 << 20;

	private static final int MAX_EGRESSES = 200;

	private static final int MAX_REQUESTS = 1000;

	private final Object lock = new Object();

	private final InstantSource clock;

	private final EventLog events;

	private final Map<Long, MessageRecord> byId = new HashMap<>();

	private final TreeMap<Long, Long> bySeq = new TreeMap<>();

	private final Map<Address, List<Long>> inFlight = new HashMap<>();

	private final RecordRing<EgressRecord> egress = new RecordRing<>(MAX_EGRESS_RECORDS, MAX_EGRESS_BYTES,
			(record) -> record.record().getSerializedSize() + 200);

	private final Map<String, Long> egressCounts = new LinkedHashMap<>();

	private final RecordRing<RequestRecord> requests = new RecordRing<>(MAX_REQUESTS, Long.MAX_VALUE, (record) -> 1);

	private final FlowGraph graph = new FlowGraph();

	private final Rates rates = new Rates();

	private final AtomicLong numbers = new AtomicLong();

	private volatile @Nullable Instant since;

	private long bytes;

	private long dropped;

	/**
	 * Create a recording that is off.
	 * @param clock provides wall-clock times
	 * @param events takes what has changed
	 */
	public Recording(InstantSource clock, EventLog events) {
		this.clock = clock;
		this.events = events;
	}

	/**
	 * Begin, without what was recorded before: there would be a gap.
	 */
	public void begin() {
		synchronized (this.lock) {
			this.byId.clear();
			this.bySeq.clear();
			this.inFlight.clear();
			this.egress.clear();
			this.egressCounts.clear();
			this.requests.clear();
			this.bytes = 0;
			this.dropped = 0;
			this.graph.clear();
			this.rates.clear();
			this.since = this.clock.instant();
		}
	}

	/**
	 * Stop. What was recorded remains to be read.
	 */
	public void stop() {
		synchronized (this.lock) {
			this.since = null;
			this.inFlight.clear();
		}
	}

	/**
	 * Return when the recording began.
	 * @return the time of the wall clock, or {@code null} if it is off
	 */
	public @Nullable Instant since() {
		return this.since;
	}

	/**
	 * Return whether the recording is on.
	 * @return whether it is
	 */
	public boolean isOn() {
		return this.since != null;
	}

	/**
	 * Return the log of events.
	 * @return the log
	 */
	public EventLog events() {
		return this.events;
	}

	/**
	 * Return the flow between functions.
	 * @return the graph
	 */
	public FlowGraph graph() {
		return this.graph;
	}

	/**
	 * Return the numbers of messages.
	 * @return the rates
	 */
	public Rates rates() {
		return this.rates;
	}

	/**
	 * Record a message that is waiting already, from before the recording.
	 * @param origin the message
	 * @param outcome what has happened to it
	 */
	public void seed(Origin origin, Outcome outcome) {
		synchronized (this.lock) {
			if (isOn() && !this.byId.containsKey(origin.id())) {
				put(new MessageRecord(origin, 0, outcome, null));
			}
		}
	}

	/**
	 * Record a message that was accepted.
	 * @param accepted the message; the address of its cause may be missing
	 */
	public void accepted(Origin accepted) {
		synchronized (this.lock) {
			if (!isOn()) {
				return;
			}
			Origin origin = withSender(accepted);
			put(new MessageRecord(origin, 0, (origin.delay() != null) ? Outcome.DELAYED : Outcome.WAITING, null));
			countEdge(origin);
		}
		if (accepted.delay() != null) {
			this.events.add(new ConsoleEvent(ConsoleEvent.Kind.TIMER, accepted.id()));
		}
	}

	private Origin withSender(Origin origin) {
		Cause cause = origin.cause();
		Long parent = cause.parent();
		MessageRecord sender = (parent != null) ? this.byId.get(parent) : null;
		if (sender == null) {
			return origin;
		}
		return origin.causedBy(new Cause(cause.kind(), cause.messages(), sender.origin().target()));
	}

	private void countEdge(Origin origin) {
		Address sender = (origin.cause().address() != null) ? origin.cause().address() : origin.caller();
		String kind = (origin.delay() == null) ? "message" : (origin.timer() != null) ? "timer" : "delayed";
		this.graph.count((sender != null) ? "f:" + sender.type() : "ingress", "f:" + origin.target().type(), kind,
				origin.message().getTypeUrl(), this.clock.instant());
	}

	/**
	 * Record that a delayed message was delivered.
	 * @param id id of the message
	 */
	public void fired(long id) {
		change(id, Outcome.WAITING);
	}

	/**
	 * Record that a delayed message was cancelled.
	 * @param id id of the message
	 */
	public void cancelled(long id) {
		change(id, Outcome.CANCELLED);
	}

	private void change(long id, Outcome outcome) {
		synchronized (this.lock) {
			MessageRecord record = this.byId.get(id);
			if (isOn() && record != null) {
				put(new MessageRecord(record.origin(), 0, outcome, record.handling()));
			}
		}
		this.events.add(new ConsoleEvent(ConsoleEvent.Kind.TIMER, id));
	}

	/**
	 * Record that a message was sent again.
	 * @param id id of the message
	 * @param failed id of the message that has failed
	 */
	public void sentAgain(long id, long failed) {
		synchronized (this.lock) {
			MessageRecord record = this.byId.get(id);
			if (isOn() && record != null) {
				Origin origin = record.origin().causedBy(new Cause(Cause.Kind.AGAIN, List.of(failed), null));
				put(new MessageRecord(origin, 0, record.outcome(), record.handling()));
			}
		}
	}

	/**
	 * Record that a request is sent.
	 * @param self address of the function instance
	 * @param ids ids of its messages
	 * @param when time of the request
	 */
	public void started(Address self, List<Long> ids, Instant when) {
		synchronized (this.lock) {
			if (!isOn()) {
				return;
			}
			this.inFlight.put(self, ids);
			long batch = this.numbers.incrementAndGet();
			for (int i = 0; i < ids.size(); i++) {
				MessageRecord record = this.byId.get(ids.get(i));
				if (record != null) {
					Handling before = record.handling();
					put(new MessageRecord(record.origin(), 0, Outcome.RUNNING,
							new Handling(when, null, null, (before != null) ? before.attempts() + 1 : 1,
									new BatchPosition(batch, ids.size(), i), List.of(), List.of(), true,
									(before != null) ? before.failure() : null)));
				}
			}
		}
	}

	/**
	 * Record that a request has ended.
	 * @param self address of the function instance
	 * @param when time of its end
	 * @param duration its duration
	 * @param results what happened to its messages
	 */
	public void ended(Address self, Instant when, Duration duration, List<Result> results) {
		synchronized (this.lock) {
			if (!isOn()) {
				return;
			}
			this.inFlight.remove(self);
			for (Result result : results) {
				this.rates.count(self.type(), result.outcome(), this.clock.millis());
				MessageRecord record = this.byId.get(result.id());
				Handling handling = (record != null) ? record.handling() : null;
				if (record != null && handling != null) {
					put(new MessageRecord(record.origin(), 0, result.outcome(),
							new Handling(handling.startedAt(), when, duration, handling.attempts(), handling.batch(),
									result.effects(), result.changes(), result.perMessage(), result.failure())));
				}
			}
		}
	}

	/**
	 * Record what was sent to an egress.
	 * @param egress id of the egress
	 * @param address the function instance that sent it
	 * @param messageId the message whose handling sent it, if known
	 * @param effect the record
	 * @param when when it was sent
	 */
	public void egress(String egress, Address address, @Nullable Long messageId, Effect effect, Instant when) {
		Any message = effect.message();
		if (!isOn() || message == null) {
			return;
		}
		long seq = this.numbers.incrementAndGet();
		synchronized (this.lock) {
			if (this.egressCounts.containsKey(egress) || this.egressCounts.size() < MAX_EGRESSES) {
				this.egressCounts.merge(egress, 1L, Long::sum);
			}
		}
		this.egress.put(seq, new EgressRecord(seq, when, egress, address, messageId, message, effect.headers()));
		this.graph.count("f:" + address.type(), "e:" + egress, "egress", message.getTypeUrl(), this.clock.instant());
		this.events.add(new ConsoleEvent(ConsoleEvent.Kind.EGRESS, seq));
	}

	/**
	 * Record a request that was answered.
	 * @param request creates the record, with its number
	 */
	public void request(LongFunction<RequestRecord> request) {
		if (isOn()) {
			long seq = this.numbers.incrementAndGet();
			this.requests.put(seq, request.apply(seq));
			this.events.add(new ConsoleEvent(ConsoleEvent.Kind.REQUEST, seq));
		}
	}

	private void put(MessageRecord record) {
		long seq = this.numbers.incrementAndGet();
		MessageRecord numbered = new MessageRecord(record.origin(), seq, record.outcome(), record.handling());
		MessageRecord before = this.byId.put(record.id(), numbered);
		if (before != null) {
			this.bySeq.remove(before.seq());
			this.bytes -= before.size();
		}
		this.bySeq.put(seq, record.id());
		this.bytes += numbered.size();
		while (this.byId.size() > MAX_MESSAGES || (this.bytes > MAX_BYTES && this.byId.size() > 1)) {
			MessageRecord oldest = this.byId.remove(this.bySeq.pollFirstEntry().getValue());
			if (oldest != null) {
				this.bytes -= oldest.size();
				this.dropped++;
			}
		}
		this.events.add(new ConsoleEvent(ConsoleEvent.Kind.MESSAGE, record.id()));
	}

	/**
	 * Return a message.
	 * @param id its id
	 * @return the message, or {@code null} if it is not recorded
	 */
	public @Nullable MessageRecord find(long id) {
		synchronized (this.lock) {
			return this.byId.get(id);
		}
	}

	/**
	 * Return the id of a message whose request is in flight.
	 * @param self address of the function instance
	 * @param message the message
	 * @return its id, or {@code null} if it is not recorded
	 */
	public @Nullable Long findInFlight(Address self, Any message) {
		synchronized (this.lock) {
			for (Long id : this.inFlight.getOrDefault(self, List.of())) {
				MessageRecord record = this.byId.get(id);
				if (record != null && record.origin().message().equals(message)) {
					return id;
				}
			}
			return null;
		}
	}

	/**
	 * Return a page of messages.
	 * @param before number of the change before which it begins
	 * @param limit maximum number of messages
	 * @param filter the messages to return
	 * @return the page, the last changed first
	 */
	public Page<MessageRecord> messages(long before, int limit, Predicate<MessageRecord> filter) {
		List<Map.Entry<Long, MessageRecord>> all = new ArrayList<>();
		synchronized (this.lock) {
			this.bySeq.headMap(before, false).descendingMap().forEach((seq, id) -> {
				MessageRecord record = this.byId.get(id);
				if (record != null) {
					all.add(Map.entry(seq, record));
				}
			});
		}
		return Page.of(all, limit, filter);
	}

	/**
	 * Return all messages.
	 * @return the messages by id
	 */
	public Map<Long, MessageRecord> all() {
		synchronized (this.lock) {
			return new HashMap<>(this.byId);
		}
	}

	/**
	 * Return a page of egress records.
	 * @param before number before which it begins
	 * @param limit maximum number of records
	 * @param filter the records to return
	 * @return the page, the newest first
	 */
	public Page<EgressRecord> egress(long before, int limit, Predicate<EgressRecord> filter) {
		return this.egress.page(before, limit, filter);
	}

	/**
	 * Return an egress record.
	 * @param seq its number
	 * @return the record, or {@code null} if it is not kept
	 */
	public @Nullable EgressRecord findEgress(long seq) {
		return this.egress.get(seq);
	}

	/**
	 * Return the numbers of records that were sent to egresses.
	 * @return the numbers by egress
	 */
	public Map<String, Long> egressCounts() {
		synchronized (this.lock) {
			return new LinkedHashMap<>(this.egressCounts);
		}
	}

	/**
	 * Return a page of requests.
	 * @param before number before which it begins
	 * @param limit maximum number of requests
	 * @param filter the requests to return
	 * @return the page, the newest first
	 */
	public Page<RequestRecord> requests(long before, int limit, Predicate<RequestRecord> filter) {
		return this.requests.page(before, limit, filter);
	}

	/**
	 * Return a request.
	 * @param seq its number
	 * @return the request, or {@code null} if it is not kept
	 */
	public @Nullable RequestRecord findRequest(long seq) {
		return this.requests.get(seq);
	}

	/**
	 * Return how much is recorded.
	 * @return the usage
	 */
	public Usage usage() {
		synchronized (this.lock) {
			return new Usage(this.byId.size(), this.bytes, this.dropped);
		}
	}

	/**
	 * Return the number of messages of a function that were handled.
	 * @param function type of the function
	 * @param outcome outcome of the messages
	 * @return the number since the recording began
	 */
	public long total(FunctionType function, Outcome outcome) {
		return this.rates.total(function, outcome);
	}

	/**
	 * What happened to a message of a request.
	 *
	 * @param id id of the message
	 * @param outcome what happened to it
	 * @param effects effects of the message, or of the request
	 * @param changes changes of states by the message, or by the request
	 * @param perMessage whether they are those of the message
	 * @param failure why it failed, if it did
	 */
	public record Result(long id, Outcome outcome, List<Effect> effects, List<StateChange> changes, boolean perMessage,
			@Nullable FailureDetail failure) {

	}

	/**
	 * How much is recorded.
	 *
	 * @param messages number of messages
	 * @param bytes number of bytes, estimated
	 * @param dropped number of messages that were forgotten since the recording began
	 */
	public record Usage(int messages, long bytes, long dropped) {

	}

}
