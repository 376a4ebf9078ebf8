package dev.statefun.local;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

import dev.statefun.local.LocalRuntimeOperations.TimerPosition;
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

	DelayedMessage delay(long due, HostedFunction target, String id, Message message, String token) {
		DelayedMessage delayed = new DelayedMessage(due, this.sequence++, target, id, message, token);
		this.timers.add(delayed);
		if (!token.isEmpty()) {
			this.cancellable.put(delayed.tokenKey(), delayed);
		}
		return delayed;
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

	// Returns the message, or null if it was not pending
	@Nullable DelayedMessage cancel(TokenKey token) {
		DelayedMessage delayed = this.cancellable.remove(token);
		if (delayed != null) {
			this.timers.remove(delayed);
		}
		return delayed;
	}

	@Nullable Timer pollDue(long now) {
		if (this.timers.isEmpty() || this.timers.first().due() > now) {
			return null;
		}
		Timer timer = this.timers.pollFirst();
		if (timer instanceof DelayedMessage delayed && !delayed.token.isEmpty()) {
			this.cancellable.remove(delayed.tokenKey());
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

	void forEachDelayed(Consumer<DelayedMessage> consumer) {
		for (Timer timer : this.timers) {
			if (timer instanceof DelayedMessage delayed) {
				consumer.accept(delayed);
			}
		}
	}

	// Messages after a position, in the order of delivery
	Iterator<DelayedMessage> delayedAfter(@Nullable TimerPosition position) {
		if (position == null) {
			return this.timers.stream()
				.filter(DelayedMessage.class::isInstance)
				.map(DelayedMessage.class::cast)
				.iterator();
		}
		long due = position.due().toEpochMilli();
		return this.timers.tailSet(new Position(due))
			.stream()
			.filter(DelayedMessage.class::isInstance)
			.map(DelayedMessage.class::cast)
			.filter((delayed) -> delayed.due() > due || delayed.message().id() > position.id())
			.iterator();
	}

	@Nullable DelayedMessage find(long id) {
		for (Timer timer : this.timers) {
			if (timer instanceof DelayedMessage delayed && delayed.message().id() == id) {
				return delayed;
			}
		}
		return null;
	}

	void remove(DelayedMessage delayed) {
		this.timers.remove(delayed);
		if (!delayed.token.isEmpty()) {
			this.cancellable.remove(delayed.tokenKey());
		}
	}

	int delayedSize() {
		return this.timers.size() - this.retries;
	}

	sealed interface Timer {

		long due();

		long sequence();

	}

	record DelayedMessage(long due, long sequence, HostedFunction target, String id, Message message,
			String token) implements Timer {

		Address address() {
			return Address.of(this.target.type(), this.id);
		}

		// The token of a named timer belongs to the SDK
		Optional<String> cancellationToken(Content content) {
			return (content.timer() == null && !this.token.isEmpty()) ? Optional.of(this.token) : Optional.empty();
		}

		Address sender() {
			return Objects.requireNonNull(this.message.sender(), "a delayed message without a sender");
		}

		private TokenKey tokenKey() {
			return new TokenKey(sender().id(), this.token);
		}

	}

	/**
	 * Position before all timers of a time.
	 *
	 * @param due the time
	 */
	private record Position(long due) implements Timer {

		@Override
		public long sequence() {
			return Long.MIN_VALUE;
		}

	}

	record Retry(long due, long sequence, Mailbox mailbox) implements Timer {

	}

	record TokenKey(String senderId, String token) {

	}

}
