package dev.statefun.flinktests.runtime;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The records of egresses that are counted but not printed, and the time that the records
 * of a load take: one for each of its messages.
 */
final class CountedRecords {

	// Static, because Flink copies the sinks on their way to the tasks in this same
	// JVM
	private static final AtomicLong COUNT = new AtomicLong();

	private static volatile long begin;

	private static volatile long awaited;

	private CountedRecords() {
	}

	// Called by the source only
	static void await(long messages) {
		begin = System.nanoTime();
		awaited = awaited + messages;
	}

	static void add() {
		if (COUNT.incrementAndGet() == awaited) {
			Output.loaded(System.nanoTime() - begin);
		}
	}

	static long count() {
		return COUNT.get();
	}

}
