package dev.statefun.sample;

import dev.statefun.sample.messages.Admin;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Handles two message types with one handler each. A message of any other type is an
 * error.
 */
@StatefulFunction("example/goodbye")
class Goodbye {

	@Handler
	void user(User user, Context context) {
		Greetings.greet(context, "Goodbye user");
	}

	@Handler
	void admin(Admin admin, Context context) {
		Greetings.greet(context, "Goodbye Admin");
	}

}
