package dev.statefun.flinktests.timer;

import java.time.Duration;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.spring.StatefulFunction;

/**
 * Functions of all kinds with one timer, which is started with a number of milliseconds
 * and cancelled with none. What they do and what fires is sent to the egress.
 */
public final class Reminders {

	/** Id of the egress. */
	public static final String EGRESS = "timer/out";

	/** Type of the messages, whose bytes are a text. */
	public static final String TEXT = "timer/Text";

	/** The name of a function of each kind, in {@code timer}. */
	public static final String ANNOTATED = "annotated";

	/** An annotated function without other states. */
	public static final String STATELESS = "stateless";

	/** A {@link FunctionHandler}. */
	public static final String UNTYPED = "untyped";

	private static final String FIRED = "fired";

	private Reminders() {
	}

	/**
	 * Create a message.
	 * @param text its text
	 * @return the message
	 */
	public static Any text(String text) {
		return Any.newBuilder().setTypeUrl(TEXT).setValue(ByteString.copyFromUtf8(text)).build();
	}

	static void egress(Context context, String text) {
		context.sendEgress(EGRESS,
				KafkaRecord.forTopic("timer").key(context.self().toString()).utf8Value(text).build());
	}

	private static void handle(Any message, Timers timers, Context context) {
		String command = message.getValue().toStringUtf8();
		if (command.isEmpty()) {
			timers.cancel("remind");
		}
		else if (!command.equals(FIRED)) {
			timers.start("remind", Duration.ofMillis(Long.parseLong(command)), text(FIRED));
		}
		egress(context, command);
	}

	/**
	 * A function with another state.
	 */
	@StatefulFunction("timer/" + ANNOTATED)
	static class Annotated {

		@Handler
		void on(Any message, @Persisted("count") PersistedValue<Integer> count, Timers timers, Context context) {
			count.set(count.get().orElse(0) + 1);
			handle(message, timers, context);
		}

	}

	/**
	 * A function without other states.
	 */
	@StatefulFunction("timer/" + STATELESS)
	static class Stateless {

		@Handler
		void on(Any message, Timers timers, Context context) {
			handle(message, timers, context);
		}

	}

	/**
	 * A function without annotated methods.
	 */
	@StatefulFunction("timer/" + UNTYPED)
	static class Untyped implements FunctionHandler {

		@Override
		public void handle(Context context, Any message) {
			Reminders.handle(message, Timers.of(context), context);
		}

		@Override
		public boolean hasTimers() {
			return true;
		}

	}

}
