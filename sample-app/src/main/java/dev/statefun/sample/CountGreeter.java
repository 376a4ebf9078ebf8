package dev.statefun.sample;

import dev.statefun.sample.messages.Admin;
import dev.statefun.sample.messages.Count;
import dev.statefun.sample.messages.Greeting;
import dev.statefun.sample.messages.User;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.spring.StatefulFunction;

/**
 * Counts the visits of each user: the cluster keeps one {@code count} per id.
 */
@StatefulFunction("example/count")
class CountGreeter {

	@Handler
	void greet(User user, @Persisted("count") PersistedValue<Count> count, Context context) {
		int seen = count.get().map(Count::getValue).orElse(0) + 1;
		count.set(Count.newBuilder().setValue(seen).build());
		String text = textFor(user.getName(), seen);
		context.sendEgress("example/greets",
				KafkaRecord.forTopic("greetings").key(context.self().id()).utf8Value(text).build());
		Greeting greeting = Greeting.newBuilder().setText(text).build();
		context.caller().ifPresent((caller) -> context.send(caller, greeting));
	}

	@Handler
	void forget(Admin admin, @Persisted("count") PersistedValue<Count> count) {
		count.remove();
	}

	private static String textFor(String name, int seen) {
		return switch (seen) {
			case 1 -> "Hello " + name;
			case 2 -> "Hello again!";
			case 3 -> "Third time's the charm";
			default -> "Hello for the " + seen + "th time";
		};
	}

}
