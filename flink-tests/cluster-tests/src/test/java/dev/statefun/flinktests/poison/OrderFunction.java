package dev.statefun.flinktests.poison;

import java.time.Duration;

import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.KafkaRecord;
import jakarta.validation.Valid;

/**
 * Has every effect that can be rolled back, and may fail after that.
 */
final class OrderFunction {

	private static final FunctionType ECHO = FunctionType.parse("poison/echo");

	private final Outside outside;

	OrderFunction(Outside outside) {
		this.outside = outside;
	}

	@Handler
	void on(@Valid Order order, @Persisted("count") PersistedValue<Long> count, Context context)
			throws InterruptedException {
		FunctionType type = context.self().type();
		String self = type + "/" + context.self().id();
		this.outside.handle(self, order.item());
		long number = count.get().orElse(0L) + 1;
		count.set(number);
		report(context, self, number + " " + order.item());
		context.send(Address.of(ECHO, self), order.item());
		context.sendAfter(Duration.ofMillis(1), Address.of(ECHO, self), order.item());
		switch (order.item()) {
			case "poison" -> throw new IllegalStateException("poisoned");
			case "heals" -> {
				if (this.outside.attempts(self, "heals") <= 3) {
					throw new IllegalStateException("not yet");
				}
			}
			case "forward" -> context.send(Address.of(type, "forwarded"), new Order("poison", 1));
			case "gate" -> this.outside.awaitOpenGate();
			default -> {
			}
		}
	}

	static void report(Context context, String key, String text) {
		context.sendEgress("poison/out", KafkaRecord.forTopic("poison").key(key).utf8Value(text).build());
	}

}
