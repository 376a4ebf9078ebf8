package dev.statefun.local;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * Timers for delayed messages and for batches to be sent again. Timers due at the same
 * time fire in the order in which they were added (protocol.md §5).
 */
final class Timers {

	private final TreeSet<Timer> timers = new TreeSet<>(
			Comparator.comparingLong(Timer::due).thenComparingLong(Timer::sequence));

	/** Pending messages that can be cancelled. */
	private final Map<TokenKey, DelayedMessage> cancellable = new HashMap<>();

	private long sequence;

	private int retries;

	void delay(long due, Address sender, HostedFunction target, String id, byte[] argument, String token) {
		DelayedMessage delayed = new DelayedMessage(due, this.sequence++, target, id, new Message(sender, argument),
				token);
		this.timers.add(delayed);
		if (!token.isEmpty()) {
			this.cancellable.put(new TokenKey(sender.id(), token), delayed);
		}
	}

	void retry(long due, Mailbox mailbox) {
		this.timers.add(new Retry(due, this.sequence++, mailbox));
		this.retries++;
	}

	// Functions of the same id share their tokens, whatever their types (protocol.md
	// §5)
	boolean isPending(TokenKey token) {
		return this.cancellable.containsKey(token);
	}

	void cancel(TokenKey token) {
		DelayedMessage delayed = this.cancellable.remove(token);
		if (delayed != null) {
			this.timers.remove(delayed);
		}
	}

	@Nullable Timer pollDue(long now) {
		if (this.timers.isEmpty() || this.timers.first().due() > now) {
			return null;
		}
		Timer timer = this.timers.pollFirst();
		if (timer instanceof DelayedMessage delayed && delayed.message.sender() != null) {
			this.cancellable.remove(new TokenKey(delayed.message.sender().id(), delayed.token));
		}
		else if (timer instanceof Retry) {
			this.retries--;
		}
		return timer;
	}

	// Returns Long.MAX_VALUE if there is none
	long nextDue() {
		return this.timers.isEmpty() ? Long.MAX_VALUE : this.timers.first().due();
	}

	boolean hasRetries() {
		return this.retries > 0;
	}

	List<DelayedMessage> delayedMessages() {
		return this.timers.stream().filter(DelayedMessage.class::isInstance).map(DelayedMessage.class::cast).toList();
	}

	sealed interface Timer {

		long due();

		long sequence();

	}

	record DelayedMessage(long due, long sequence, HostedFunction target, String id, Message message,
			String token) implements Timer {

	}

	record Retry(long due, long sequence, Mailbox mailbox) implements Timer {

	}

	record TokenKey(String senderId, String token) {

	}

}
