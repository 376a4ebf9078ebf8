package dev.statefun.spring.boot.test.autoconfigure.app;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Counts its messages, and replies with the number.
 */
@StatefulFunction("example/count")
public class Counting {

	@Handler
	void count(String text, @Persisted("seen") PersistedValue<Integer> seen, Context context) {
		int count = seen.get().orElse(0) + 1;
		seen.set(count);
		context.caller().ifPresent((caller) -> context.send(caller, count));
	}

}
