package dev.statefun.local;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * One function instance: the batch in flight, the messages that wait behind it, and its
 * states (protocol.md §3.1). Idle instances are kept only for their states, so they are
 * small.
 */
final class Mailbox {

	private static final byte[][] NO_VALUES = {};

	private static final long[] NEVER_TOUCHED = {};

	private final HostedFunction function;

	private final Address address;

	private @Nullable Batch inFlight;

	private @Nullable List<Message> backlog;

	private byte[] @Nullable [] values = NO_VALUES;

	/**
	 * Time of the last write of each state, or of the last read if reads count; empty if
	 * no state expires.
	 */
	private long[] touched = NEVER_TOUCHED;

	Mailbox(HostedFunction function, String id) {
		this.function = function;
		this.address = Address.of(function.type(), id);
	}

	HostedFunction function() {
		return this.function;
	}

	Address address() {
		return this.address;
	}

	@Nullable Batch inFlight() {
		return this.inFlight;
	}

	List<Message> backlog() {
		return (this.backlog != null) ? this.backlog : List.of();
	}

	// Number of messages that are not handled yet
	int size() {
		return ((this.inFlight != null) ? this.inFlight.size() : 0) + backlog().size();
	}

	// Messages of a snapshot
	void restore(List<Message> inFlight, List<Message> backlog) {
		this.inFlight = inFlight.isEmpty() ? null : new Batch(inFlight);
		this.backlog = backlog.isEmpty() ? null : backlog;
	}

	// Returns whether the message is the first of a new batch
	boolean add(Message message) {
		if (this.inFlight == null) {
			this.inFlight = new Batch(List.of(message));
			return true;
		}
		if (this.backlog == null) {
			this.backlog = new ArrayList<>(4);
		}
		this.backlog.add(message);
		return false;
	}

	// As if all had waited behind a batch that has just ended. Returns whether they
	// form a new batch
	boolean addTogether(List<Message> messages, int batchSize) {
		if (this.backlog == null) {
			this.backlog = new ArrayList<>(messages.size());
		}
		this.backlog.addAll(messages);
		return this.inFlight == null && next(batchSize);
	}

	// Ends the batch in flight. Returns whether another one follows
	boolean next(int batchSize) {
		List<Message> waiting = this.backlog;
		if (waiting == null) {
			this.inFlight = null;
			return false;
		}
		if (waiting.size() <= batchSize) {
			this.inFlight = new Batch(waiting);
			this.backlog = null;
		}
		else {
			this.inFlight = new Batch(List.copyOf(waiting.subList(0, batchSize)));
			this.backlog = new ArrayList<>(waiting.subList(batchSize, waiting.size()));
		}
		return true;
	}

	byte @Nullable [] value(int state, long now) {
		if (state >= this.values.length) {
			return null;
		}
		byte[] value = this.values[state];
		if (value != null && state < this.touched.length
				&& this.function.states().get(state).isExpired(this.touched[state], now)) {
			this.values[state] = null;
			return null;
		}
		return value;
	}

	void value(int state, byte @Nullable [] value, long now) {
		if (state >= this.values.length) {
			this.values = Arrays.copyOf(this.values, this.function.states().size());
		}
		this.values[state] = value;
		if (this.function.states().get(state).expires()) {
			touch(state, now);
		}
	}

	void touch(int state, long now) {
		if (state >= this.touched.length) {
			this.touched = Arrays.copyOf(this.touched, this.function.states().size());
		}
		this.touched[state] = now;
	}

	long touched(int state) {
		return (state < this.touched.length) ? this.touched[state] : 0;
	}

	// Whether it can be dropped without loss
	boolean isEmpty(long now) {
		if (this.inFlight != null || this.backlog != null) {
			return false;
		}
		for (int i = 0; i < this.values.length; i++) {
			if (value(i, now) != null) {
				return false;
			}
		}
		return true;
	}

}
