package dev.statefun.sample;

import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.spring.StatefulFunction;

/**
 * Sends itself a delayed message.
 */
@StatefulFunction("example/reminder")
class Reminder {

	private final SampleProperties properties;

	Reminder(SampleProperties properties) {
		this.properties = properties;
	}

	@Handler
	void remind(User user, Context context) {
		Greeting reminder = Greeting.newBuilder().setText("Reminder for " + user.getName()).build();
		context.sendAfter(this.properties.reminderDelay(), context.self(), reminder);
	}

	@Handler
	void greet(Greeting reminder, Context context) {
		Greetings.greet(context, reminder.getText());
	}

}
