package dev.statefun.console.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The last records of a kind, by number. Thread-safe.
 *
 * @param <T> the kind of records
 */
final class RecordRing<T> {

	private final Object lock = new Object();

	private final TreeMap<Long, T> records = new TreeMap<>();

	private final int limit;

	private final long maxBytes;

	private final ToIntFunction<T> size;

	private long bytes;

	RecordRing(int limit, long maxBytes, ToIntFunction<T> size) {
		this.limit = limit;
		this.maxBytes = maxBytes;
		this.size = size;
	}

	void put(long number, T record) {
		synchronized (this.lock) {
			T before = this.records.put(number, record);
			this.bytes += this.size.applyAsInt(record) - ((before != null) ? this.size.applyAsInt(before) : 0);
			while (this.records.size() > this.limit || (this.bytes > this.maxBytes && this.records.size() > 1)) {
				Map.Entry<Long, T> oldest = this.records.pollFirstEntry();
				this.bytes -= this.size.applyAsInt(oldest.getValue());
			}
		}
	}

	void clear() {
		synchronized (this.lock) {
			this.records.clear();
			this.bytes = 0;
		}
	}

	@Nullable T get(long number) {
		synchronized (this.lock) {
			return this.records.get(number);
		}
	}

	int count() {
		synchronized (this.lock) {
			return this.records.size();
		}
	}

	// The newest first. The filter may be slow, so it runs outside the lock
	Page<T> page(long before, int limit, Predicate<T> filter) {
		List<Map.Entry<Long, T>> all;
		synchronized (this.lock) {
			all = new ArrayList<>();
			this.records.headMap(before, false)
				.descendingMap()
				.forEach((number, record) -> all.add(Map.entry(number, record)));
		}
		return Page.of(all, limit, filter);
	}

}
