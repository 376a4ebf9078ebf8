package dev.statefun.flinktests.probe;

import java.time.Duration;

import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Schedules and cancels messages to itself. A command is a list of steps, all in one
 * reply: {@code later:<text>} and {@code soon:<text>} schedule one with a token,
 * {@code cancel} cancels it; any other text is sent to the egress.
 */
@StatefulFunction("probe/timers")
class TimersFunction {

	private static final CancellationToken TOKEN = CancellationToken.of("token");

	private static final Duration LATER = Duration.ofHours(1);

	private static final Duration SOON = Duration.ofMillis(50);

	@Handler
	void on(String command, Context context) {
		for (String step : command.split(",")) {
			int colon = step.indexOf(':');
			String text = step.substring(colon + 1);
			if (step.equals("cancel")) {
				context.cancelDelayed(TOKEN);
			}
			else if (colon > 0) {
				Duration delay = step.startsWith("later:") ? LATER : SOON;
				context.sendAfter(delay, context.self(), text, TOKEN);
			}
			else {
				Probe.report(context, text);
			}
		}
	}

}
