package dev.statefun.console.record;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.statefun.console.record.FailureRecord.Failed;
import dev.statefun.console.record.FailureRecord.Kind;
import dev.statefun.sdk.Address;
import org.jspecify.annotations.Nullable;

/**
 * The last failures of each kind, kept whether or not messages are recorded.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class FailureLog {

	/** Number of failures that are kept of each kind. */
	public static final int KEPT = 100;

	private final Object lock = new Object();

	private final Map<Kind, LinkedHashMap<Long, FailureRecord>> failures = new EnumMap<>(Kind.class);

	private final EventLog events;

	private long last;

	/**
	 * Create an empty log.
	 * @param events takes what has changed
	 */
	public FailureLog(EventLog events) {
		this.events = events;
		for (Kind kind : Kind.values()) {
			this.failures.put(kind, new LinkedHashMap<>());
		}
	}

	/**
	 * Add a failure. One of the same message that is still open counts on.
	 * @param kind kind of failure
	 * @param at when it happened
	 * @param address the function instance
	 * @param failed the message, if known
	 * @param detail why it failed
	 * @param open whether it is tried again
	 * @return number of the failure
	 */
	public long add(Kind kind, Instant at, Address address, @Nullable Failed failed, FailureDetail detail,
			boolean open) {
		long id;
		synchronized (this.lock) {
			FailureRecord same = find(kind, address, failed);
			LinkedHashMap<Long, FailureRecord> all = all(kind);
			if (same != null) {
				id = same.id();
				all.put(id, new FailureRecord(id, kind, same.at(), at, same.count() + 1, address,
						(failed != null) ? failed : same.failed(), detail, null, open));
			}
			else {
				id = ++this.last;
				all.put(id, new FailureRecord(id, kind, at, at, 1, address, failed, detail, null, open));
				if (all.size() > KEPT) {
					all.remove(all.keySet().iterator().next());
				}
			}
		}
		this.events.add(new ConsoleEvent(ConsoleEvent.Kind.FAILURE, id));
		return id;
	}

	private LinkedHashMap<Long, FailureRecord> all(Kind kind) {
		LinkedHashMap<Long, FailureRecord> all = this.failures.get(kind);
		return (all != null) ? all : new LinkedHashMap<>();
	}

	private @Nullable FailureRecord find(Kind kind, Address address, @Nullable Failed failed) {
		for (FailureRecord record : all(kind).values()) {
			if (record.open() && record.address().equals(address) && isSame(record.failed(), failed)) {
				return record;
			}
		}
		return null;
	}

	private static boolean isSame(@Nullable Failed first, @Nullable Failed second) {
		if (first == null || second == null) {
			return first == second;
		}
		return (first.messageId() != null && second.messageId() != null) ? first.messageId().equals(second.messageId())
				: first.message().equals(second.message());
	}

	/**
	 * Note when requests of an instance are sent again.
	 * @param address the function instance
	 * @param since time of the failures that are meant
	 * @param retryAt when they are sent again
	 * @return whether there is such a failure
	 */
	public boolean retryAt(Address address, Instant since, Instant retryAt) {
		List<Long> changed = new ArrayList<>();
		synchronized (this.lock) {
			all(Kind.FAILURE).replaceAll((id, record) -> {
				if (!record.open() || !record.address().equals(address) || record.lastAt().isBefore(since)) {
					return record;
				}
				changed.add(id);
				return new FailureRecord(id, record.kind(), record.at(), record.lastAt(), record.count(), address,
						record.failed(), record.detail(), retryAt, true);
			});
		}
		changed.forEach((id) -> this.events.add(new ConsoleEvent(ConsoleEvent.Kind.FAILURE, id)));
		return !changed.isEmpty();
	}

	/**
	 * Note that a request of an instance has succeeded.
	 * @param address the function instance
	 */
	public void succeeded(Address address) {
		List<Long> changed = new ArrayList<>();
		synchronized (this.lock) {
			for (Kind kind : Kind.values()) {
				all(kind).replaceAll((id, record) -> {
					if (!record.open() || !record.address().equals(address)) {
						return record;
					}
					changed.add(id);
					return new FailureRecord(id, record.kind(), record.at(), record.lastAt(), record.count(), address,
							record.failed(), record.detail(), null, false);
				});
			}
		}
		changed.forEach((id) -> this.events.add(new ConsoleEvent(ConsoleEvent.Kind.FAILURE, id)));
	}

	/**
	 * Return whether an instance has a failure that is open.
	 * @param address the function instance
	 * @param since time of the failures that are meant
	 * @return whether there is one of that time or later
	 */
	public boolean isOpen(Address address, Instant since) {
		synchronized (this.lock) {
			return all(Kind.FAILURE).values()
				.stream()
				.anyMatch((record) -> record.open() && record.address().equals(address)
						&& !record.lastAt().isBefore(since));
		}
	}

	/**
	 * Return a failure.
	 * @param id its number
	 * @return the failure, or {@code null} if it is not kept
	 */
	public @Nullable FailureRecord find(long id) {
		synchronized (this.lock) {
			for (Kind kind : Kind.values()) {
				FailureRecord record = all(kind).get(id);
				if (record != null) {
					return record;
				}
			}
			return null;
		}
	}

	/**
	 * Return how many failures of a kind are kept.
	 * @param kind the kind
	 * @return the number
	 */
	public int count(Kind kind) {
		synchronized (this.lock) {
			return all(kind).size();
		}
	}

	/**
	 * Return a page of failures.
	 * @param before number before which it begins
	 * @param limit maximum number of failures
	 * @param filter the failures to return
	 * @return the page, the newest first
	 */
	public Page<FailureRecord> page(long before, int limit, Predicate<FailureRecord> filter) {
		List<Map.Entry<Long, FailureRecord>> all = new ArrayList<>();
		synchronized (this.lock) {
			for (Kind kind : Kind.values()) {
				all(kind).forEach((id, record) -> {
					if (id < before) {
						all.add(Map.entry(id, record));
					}
				});
			}
		}
		all.sort(Map.Entry.comparingByKey(Comparator.reverseOrder()));
		return Page.of(all, limit, filter);
	}

}
