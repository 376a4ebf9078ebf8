package dev.statefun.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.egress.KinesisRecord;
import dev.statefun.sdk.failure.DeadLetter;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.handler.Invocation;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Basket;
import dev.statefun.sdk.testing.BasketCodecs;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;

/**
 * Functions of every kind for requests of any content. The bytes of a request determine
 * their effects, within bounds. Their names are as short as those of the known vectors
 * (protocol.md §2.4), so that one changed byte leads to another function.
 */
final class FuzzedFunctions {

	/** Receives messages as they were received, with fields of any form. */
	static final String FORWARDED = "n/forwarded";

	private static final EgressId LETTERS = EgressId.parse("n/l");

	private FuzzedFunctions() {
	}

	static StatefulFunctions functions() {
		return StatefulFunctions.builder()
			.codecs(new BasketCodecs())
			.register(FunctionSpec.of("n/f").state("s", Integer.class), FuzzedFunctions::count)
			.register(FunctionSpec.of("n/e"), new Program())
			.register(allStates("n/s"), new Program())
			.register(FunctionSpec.of("example/function"), new Program())
			.register("n/t", new Typed())
			.register("n/x", new Failing())
			.build();
	}

	private static FunctionSpec allStates(String type) {
		return FunctionSpec.of(type)
			.state("b", Boolean.class)
			.state("i", Integer.class)
			.state(ValueSpec.of("l", Long.class).expireAfterWrite(Duration.ofHours(1)))
			.state(ValueSpec.of("f", Float.class).typename("t/f"))
			.state("d", Double.class)
			.state(ValueSpec.of("t", String.class).expireAfterCall(Duration.ofMillis(1)))
			.state("c", Count.class)
			.state("m", Basket.class)
			.state("r", Any.class);
	}

	private static void count(Context context, Any message) {
		PersistedValue<Integer> seen = context.state("s", Integer.class);
		seen.set(seen.get().orElse(0) + 1);
		context.send("n/g", "1", message);
	}

	static FailureAction decide(FailedInvocation failed) {
		return switch (failed.kind()) {
			case HANDLER -> FailureAction.deadLetter(LETTERS,
					Any.newBuilder()
						.setTypeUrl(DeadLetter.PROTOBUF_TYPENAME)
						.setValue(ByteString.copyFrom(letter(failed).toProtobuf()))
						.build());
			case UNDECODABLE -> FailureAction.deadLetter(LETTERS,
					KafkaRecord.forTopic("letters").key(failed.self().id()).value(letter(failed).toJson()).build());
			case UNKNOWN_TYPE -> FailureAction.skip();
			case INVALID, UNREADABLE_STATE -> FailureAction.retry();
		};
	}

	private static DeadLetter letter(FailedInvocation failed) {
		return DeadLetter.of(failed, Instant.EPOCH);
	}

	// A second attempt, which must find the same as the first one
	static @Nullable Object twice(Invocation invocation) throws Throwable {
		try {
			return invocation.proceed();
		}
		catch (IllegalStateException ex) {
			return invocation.proceed();
		}
	}

	/**
	 * Interprets each byte of a message as a step.
	 */
	private static final class Program implements FunctionHandler {

		private static final int MAX_STEPS = 32;

		private static final List<String> STATES = List.of("b", "i", "l", "f", "d", "t", "c", "m", "r");

		@Override
		public void handle(Context context, Any message) {
			String state = "r";
			for (int i = 0; i < Math.min(message.getValue().size(), MAX_STEPS); i++) {
				String step = String.valueOf((char) message.getValue().byteAt(i));
				if (STATES.contains(step)) {
					state = step;
				}
				step(context, message, state, step);
			}
		}

		private void step(Context context, Any message, String state, String step) {
			Address self = context.self();
			switch (step) {
				case "S" -> context.send("n/g", self.id(), message);
				case "F" -> context.forward(FORWARDED, self.id());
				case "H" -> context.withHeaders(Headers.of("key", message.getTypeUrl())).send("n/g", "1", message);
				case "R" -> context.reply(message);
				case "C" -> context.caller().ifPresent((caller) -> context.send(caller, caller.toString()));
				case "D" -> context.sendAfter(Duration.ofMillis(message.getValue().size()), "n/g", "1", message);
				case "T" -> context.sendAfter(Duration.ofDays(1), Address.of("n/g", "1"), message,
						CancellationToken.of(self.id()));
				case "U" -> context.cancelDelayed(CancellationToken.of(message.getTypeUrl()));
				case "E" -> context.sendEgress("n/e", message);
				case "K" -> context.sendEgress("n/k",
						KafkaRecord.forTopic("topic").key(self.id()).utf8Value(message.getTypeUrl()).build());
				case "N" -> context.sendEgress("n/n",
						KinesisRecord.forStream("stream").partitionKey(self.id()).value(message).build());
				case "G" -> context.state(state).get().ifPresent((value) -> context.send("n/g", "1", value));
				case "P" -> context.state(state).set(message);
				case "V" -> write(context, state);
				case "X" -> context.state(state).remove();
				case "Y" -> context.state("y").set(context.state("y").get().orElse(message));
				case "!" -> throw new IllegalStateException(message.getTypeUrl());
				default -> {
				}
			}
		}

		private static void write(Context context, String state) {
			switch (state) {
				case "b" -> invert(context.state("b", Boolean.class));
				case "i" -> {
					PersistedValue<Integer> value = context.state("i", Integer.class);
					value.set(value.get().orElse(0) + 1);
				}
				case "l" -> {
					PersistedValue<Long> value = context.state("l", Long.class);
					value.set(value.get().orElse(0L) + 1);
				}
				case "f" -> {
					PersistedValue<Float> value = context.state("f", Float.class);
					value.set(-value.get().orElse(0f));
				}
				case "d" -> {
					PersistedValue<Double> value = context.state("d", Double.class);
					value.set(value.get().orElse(0d) / 2);
				}
				case "t" -> {
					PersistedValue<String> value = context.state("t", String.class);
					value.set(value.get().orElse("") + context.self().id());
				}
				case "c" -> {
					PersistedValue<Count> value = context.state("c", Count.class);
					value.set(value.get().orElse(Count.getDefaultInstance()).toBuilder().setValue(1).build());
				}
				case "m" -> {
					PersistedValue<Basket> value = context.state("m", Basket.class);
					Basket basket = value.get().orElseGet(() -> new Basket(new ArrayList<>()));
					basket.items().add("x");
					value.set(basket);
				}
				default -> context.state("r").set(Values.text(state));
			}
		}

		private static void invert(PersistedValue<Boolean> value) {
			value.set(!value.get().orElse(false));
		}

	}

	/**
	 * Sends every message back as the value that it was decoded to.
	 */
	static final class Typed {

		@Handler
		@Nullable Boolean on(Boolean message, Context context) {
			return answer(message, context);
		}

		@Handler
		@Nullable Integer on(Integer message, @Persisted("i") PersistedValue<Integer> last, Context context) {
			last.get();
			last.set(message);
			return answer(message, context);
		}

		@Handler
		@Nullable Long on(Long message, Context context) {
			return answer(message, context);
		}

		@Handler
		@Nullable Float on(Float message, Context context) {
			return answer(message, context);
		}

		@Handler
		@Nullable Double on(Double message, Context context) {
			return answer(message, context);
		}

		@Handler
		@Nullable String on(String message, Context context) {
			return answer(message, context);
		}

		@Handler
		@Nullable User on(User message, Context context) {
			return answer(message, context);
		}

		@Handler
		CompletionStage<@Nullable Count> on(Count message, Context context) {
			return CompletableFuture.completedStage(answer(message, context));
		}

		@Handler
		@Nullable Basket on(Basket message, Context context) {
			return answer(message, context);
		}

		private static <T> @Nullable T answer(T message, Context context) {
			return context.caller().isPresent() ? message : null;
		}

	}

	/**
	 * Fails in different ways, but never leaves a stage pending.
	 */
	static final class Failing {

		@Handler
		void on(Boolean message) throws Exception {
			throw new Exception(String.valueOf(message));
		}

		@Handler
		CompletionStage<Integer> on(Integer message) {
			return CompletableFuture.failedStage(new IllegalArgumentException(String.valueOf(message)));
		}

		@Handler
		void on(Long message) {
			throw new StackOverflowError();
		}

		@Handler
		String on(String message) {
			// A reply needs a caller
			return message;
		}

		@Handler
		void on(User message, Context context) {
			context.reply(message);
			throw new IllegalStateException(message.getName());
		}

		@Handler
		void on(Any message) {
			throw new AssertionError(message.getTypeUrl());
		}

	}

}
