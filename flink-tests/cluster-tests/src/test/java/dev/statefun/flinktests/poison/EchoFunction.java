package dev.statefun.flinktests.poison;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Sends each message to the egress, which shows effects that another function did not
 * roll back.
 */
@StatefulFunction("poison/echo")
class EchoFunction {

	@Handler
	void on(String item, Context context) {
		OrderFunction.report(context, "echo of " + context.self().id(), item);
	}

}
