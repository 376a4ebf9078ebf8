package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.protocol.TimerMessage;
import dev.statefun.sdk.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Named timers of one function instance during one batch. Writes the last change of each
 * name when the batch ends.
 * <p>
 * A state has the nonce of each pending timer. A cluster may deliver a timer that was
 * replaced or cancelled: on 2.x always, on 3.x if it waited in the backlog (protocol.md
 * §3.1, §5). Its nonce is no longer that of the state, so it is dropped. Thread-safe.
 */
final class BatchTimers {

	private static final byte[] NO_HEADERS = {};

	/** Size of the fields of a timer without names, ids and message, rounded up. */
	private static final int OVERHEAD = 160;

	private final FunctionType function;

	private final BatchRequest request;

	private final StateCell<PendingTimers> state;

	private final LongSupplier nonces;

	// All following fields are guarded by this

	/** Null as long as no timer is used. */
	private @Nullable Content content;

	/** Whether messages are rolled back without their batch. */
	private boolean supportsRollback;

	/** The content before the current message, if the message has changed it. */
	private @Nullable Content marked;

	/** Timers whose messages were passed to the function. */
	private final List<String> fired = new ArrayList<>(1);

	/** Timers whose messages were dropped. */
	private final List<String> dropped = new ArrayList<>(0);

	BatchTimers(FunctionType function, BatchRequest request, StateCell<PendingTimers> state, LongSupplier nonces) {
		this.function = function;
		this.request = request;
		this.state = state;
		this.nonces = nonces;
	}

	/**
	 * Receive a message. That of a timer is replaced by the message within it, and the
	 * timer is no longer pending, even if handling the message fails.
	 * @param invocation index of the invocation
	 * @return whether the message is for the function; {@code false} if it is that of a
	 * timer that was replaced or cancelled
	 */
	synchronized boolean receive(int invocation) {
		if (!this.request.isTimer(invocation)) {
			return true;
		}
		try {
			TimerMessage timer = this.request.timer(invocation);
			if (!content().pending.remove(timer.name(), timer.nonce())) {
				this.dropped.add(timer.name());
				return false;
			}
			this.request.unwrap(invocation, timer);
			this.fired.add(timer.name());
			return true;
		}
		catch (MalformedRequestException ex) {
			throw new MessageDecodingException("Function '" + this.function + "' got "
					+ this.request.valueLength(invocation) + " bytes that are no message of the type '"
					+ TimerFields.MESSAGE_TYPENAME + "'; expected one that a named timer has sent", ex);
		}
	}

	private Content content() {
		Content content = this.content;
		if (content == null) {
			content = new Content(stored());
			this.content = content;
		}
		return content;
	}

	private SortedMap<String, Long> stored() {
		PendingTimers stored = this.state.value();
		return (stored != null) ? stored.nonces() : new TreeMap<>();
	}

	// The content, to be changed on behalf of the current message
	private Content changed() {
		Content content = content();
		if (this.supportsRollback && this.marked == null) {
			this.marked = new Content(content);
		}
		return content;
	}

	synchronized Set<String> names() {
		return new TreeSet<>(content().pending.keySet());
	}

	synchronized void start(String name, long delayMillis, EncodedMessage message, BatchEffects effects,
			int invocation) {
		Content content = changed();
		long size = sizeOf(name, message);
		effects.requireRoom(ownSize() - content.sizeOf(name) + size);
		long nonce = this.nonces.getAsLong();
		content.pending.put(name, nonce);
		content.change(name, new Start(nonce, delayMillis, message, size, invocation));
	}

	synchronized void cancel(String name, int invocation) {
		if (content().pending.containsKey(name)) {
			Content content = changed();
			content.pending.remove(name);
			if (stored().containsKey(name)) {
				content.change(name, new Cancellation(invocation));
			}
			else {
				content.discardChange(name);
			}
		}
	}

	// Target, two tokens, message and state each repeat parts of address and name
	private long sizeOf(String name, EncodedMessage message) {
		long address = this.function.toString().length() + (long) this.request.targetId().length();
		return message.size() + 3 * (address + Utf8.length(name)) + OVERHEAD;
	}

	// Fails if the timers of the current message make the reply too large
	synchronized void requireRoom(BatchEffects effects) {
		effects.requireRoom(ownSize());
	}

	// Size of what the current message has added
	private long ownSize() {
		Content content = this.content;
		if (content == null) {
			return 0;
		}
		if (!this.supportsRollback) {
			return content.size;
		}
		return (this.marked != null) ? content.size - this.marked.size : 0;
	}

	synchronized void mark() {
		this.supportsRollback = true;
		this.marked = null;
	}

	synchronized void rollBack() {
		if (this.marked != null) {
			this.content = this.marked;
			this.marked = null;
		}
	}

	// Also replaces the state, if it has changed
	synchronized void writeTo(ReplyWriter reply) {
		Content content = this.content;
		if (content == null) {
			return;
		}
		content.changes.forEach((name, change) -> write(name, change, reply));
		SortedMap<String, Long> pending = content.pending;
		if (!pending.equals(stored())) {
			this.state.write(pending.isEmpty() ? StateCell.REMOVED : this.state.toStored(new PendingTimers(pending)));
		}
	}

	// A 3.x cluster fails the job if a token is used again while it is pending, hence the
	// cancellation before each start; clusters of 2.x have no tokens (protocol.md §5)
	private void write(String name, Change change, ReplyWriter reply) {
		String token = (this.request.dialect() == Dialect.V3) ? TimerFields.token(this.function.toString(), name)
				: null;
		if (token != null) {
			reply.cancel(token);
		}
		if (change instanceof Start start) {
			EncodedMessage message = start.message();
			byte[] timer = TimerFields.encodeMessage(this.request.dialect(), name, start.nonce(), message.typename(),
					message.value(), message.headers());
			reply.sendAfter(start.delayMillis(), this.function.fields(), this.request.targetId(),
					TimerFields.messageType(), timer, NO_HEADERS, token);
		}
	}

	synchronized void reportTo(BatchReport.TimerConsumer consumer) {
		forEachChange((invocation, name, outcome) -> consumer.accept(name, outcome));
		this.fired.forEach((name) -> consumer.accept(name, TimerOutcome.FIRED));
		this.dropped.forEach((name) -> consumer.accept(name, TimerOutcome.DROPPED));
	}

	synchronized void forEachChange(ChangeConsumer consumer) {
		if (this.content != null) {
			this.content.changes.forEach((name, change) -> consumer.accept(change.invocation(), name,
					(change instanceof Start) ? TimerOutcome.STARTED : TimerOutcome.CANCELLED));
		}
	}

	/**
	 * Receives the last change of each timer.
	 */
	@FunctionalInterface
	interface ChangeConsumer {

		void accept(int invocation, String name, TimerOutcome outcome);

	}

	/**
	 * Pending timers and the changes of the batch.
	 */
	private static final class Content {

		/** Nonces of the pending timers by name. */
		private final SortedMap<String, Long> pending;

		/** Last change of each timer by name, in the order of the calls. */
		private final Map<String, Change> changes;

		/** Size of the changes in bytes. */
		private long size;

		Content(SortedMap<String, Long> pending) {
			this.pending = new TreeMap<>(pending);
			this.changes = new LinkedHashMap<>();
		}

		Content(Content other) {
			this.pending = new TreeMap<>(other.pending);
			this.changes = new LinkedHashMap<>(other.changes);
			this.size = other.size;
		}

		// The timer moves to the end
		void change(String name, Change change) {
			discardChange(name);
			this.changes.put(name, change);
			this.size += change.size();
		}

		void discardChange(String name) {
			this.size -= sizeOf(name);
			this.changes.remove(name);
		}

		long sizeOf(String name) {
			Change change = this.changes.get(name);
			return (change != null) ? change.size() : 0;
		}

	}

	private sealed interface Change {

		long size();

		// Position of the message that made the change
		int invocation();

	}

	/**
	 * Start of a timer.
	 *
	 * @param nonce nonce of the timer
	 * @param delayMillis time until it fires
	 * @param message message that it sends
	 * @param size size in the reply
	 * @param invocation position of the message that started it
	 */
	private record Start(long nonce, long delayMillis, EncodedMessage message, long size,
			int invocation) implements Change {

	}

	/**
	 * Cancellation of a timer.
	 *
	 * @param invocation position of the message that cancelled it
	 */
	private record Cancellation(int invocation) implements Change {

		@Override
		public long size() {
			return OVERHEAD;
		}

	}

}
