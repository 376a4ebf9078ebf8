package dev.statefun.benchmarks;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;

/**
 * Counts its messages.
 */
public final class Counter {

	@Handler
	public void count(String text, @Persisted("count") PersistedValue<Integer> count) {
		count.set(count.get().orElse(0) + 1);
	}

}
