package dev.statefun.flinktests.gateway;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Replies with the number of its messages.
 */
@StatefulFunction("gateway.test/count")
class CountFunction {

	@Handler
	long on(String message, @Persisted("count") PersistedValue<Long> count) {
		long next = count.get().orElse(0L) + 1;
		count.set(next);
		return next;
	}

}
