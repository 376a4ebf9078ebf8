package dev.statefun.spring.boot.test.autoconfigure.app;

import java.util.concurrent.atomic.AtomicInteger;

import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageType;
import dev.statefun.spring.StatefulFunction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

/**
 * Accepts only valid messages; fails the first attempt at some of them.
 */
@StatefulFunction("example/validating")
public class Validating {

	private final AtomicInteger attempts = new AtomicInteger();

	@Handler
	void on(@Valid Amount amount, @Persisted("total") PersistedValue<Integer> total) {
		total.set(total.get().orElse(0) + amount.value());
	}

	@Handler
	void flaky(String text, @Persisted("total") PersistedValue<Integer> total) {
		if (this.attempts.incrementAndGet() % 2 == 1) {
			throw new IllegalStateException("only the second attempt works");
		}
		total.set(1);
	}

	/**
	 * A message.
	 *
	 * @param value a positive number
	 */
	@MessageType("example/Amount")
	public record Amount(@Positive int value) {

	}

}
