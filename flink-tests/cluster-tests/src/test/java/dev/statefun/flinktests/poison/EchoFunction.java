package dev.statefun.flinktests.poison;

import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Tells what it is sent: what another function did not take back.
 */
@StatefulFunction("poison/echo")
class EchoFunction {

	@Handler
	void on(String item, Context context) {
		OrderFunction.tell(context, "echo of " + context.self().id(), item);
	}

}
