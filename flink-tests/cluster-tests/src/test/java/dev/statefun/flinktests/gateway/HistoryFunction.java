package dev.statefun.flinktests.gateway;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.spring.StatefulFunction;

/**
 * Keeps all messages, one a line, and replies with the number of each.
 */
@StatefulFunction("gateway.test/history")
class HistoryFunction {

	@Handler
	void on(String message, @Persisted("history") PersistedValue<String> history, Context context) {
		String former = history.get().orElse("");
		if (message.equals("history?")) {
			context.reply(former);
		}
		else if (message.startsWith("large ")) {
			context.reply("x".repeat(Integer.parseInt(message.substring(6))));
		}
		else {
			history.set(former + message + "\n");
			context.reply(former.lines().count() + 1 + " " + message);
		}
	}

}
