package dev.statefun.flinktests;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The greetings of {@code example/count}, each checked on arrival: those of an id must be
 * numbered from one on without gaps. Ids are also names.
 */
final class Greetings implements Consumer<EgressRecord> {

	private static final int MAX_UNEXPECTED = 20;

	private final Map<String, Integer> seen = new ConcurrentHashMap<>();

	private final List<String> unexpected = Collections.synchronizedList(new ArrayList<>());

	private final AtomicLong count = new AtomicLong();

	private final Runnable listener;

	/**
	 * Create an empty collection.
	 * @param listener called after each greeting
	 */
	Greetings(Runnable listener) {
		this.listener = listener;
	}

	@Override
	public void accept(EgressRecord record) {
		KafkaRecord greeting = KafkaRecord.parse(record.value());
		int number = this.seen.merge(greeting.key(), 1, Integer::sum);
		if (!greeting.value().equals(ExampleMessages.greeting(greeting.key(), number))
				&& this.unexpected.size() < MAX_UNEXPECTED) {
			this.unexpected.add("%s: '%s' as its %dth".formatted(greeting.key(), greeting.value(), number));
		}
		this.count.incrementAndGet();
		this.listener.run();
	}

	long count() {
		return this.count.get();
	}

	/**
	 * Return the number of greetings of each id.
	 * @return the counts by id
	 */
	Map<String, Integer> countsById() {
		return Map.copyOf(this.seen);
	}

	/**
	 * Return greetings that were not the next of their id.
	 * @return the first of them
	 */
	List<String> unexpected() {
		return List.copyOf(this.unexpected);
	}

}
