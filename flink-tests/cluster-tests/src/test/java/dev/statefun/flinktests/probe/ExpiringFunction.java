package dev.statefun.flinktests.probe;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Has two states that live for a second: after the last write, and after the last call.
 * Sends the time at which it saw them.
 */
@StatefulFunction("probe/expiring")
class ExpiringFunction {

	@Handler
	void on(String command, @Persisted(value = "written", expireAfterWrite = "1s") PersistedValue<Boolean> written,
			@Persisted(value = "called", expireAfterCall = "1s") PersistedValue<Boolean> called, Context context) {
		if (command.equals("write")) {
			written.set(true);
			called.set(true);
		}
		Probe.report(context,
				System.currentTimeMillis() + " " + written.get().isPresent() + " " + called.get().isPresent());
	}

}
