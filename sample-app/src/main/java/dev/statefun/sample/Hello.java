package dev.statefun.sample;

import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * The smallest function: one message type, no state.
 */
@StatefulFunction("example/hello")
class Hello {

	@Handler
	void greet(User user, Context context) {
		Greetings.greet(context, "Hello " + user.getName());
	}

}
