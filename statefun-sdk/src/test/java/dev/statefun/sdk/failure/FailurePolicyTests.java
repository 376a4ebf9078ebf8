package dev.statefun.sdk.failure;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.egress.KafkaRecord;
import dev.statefun.sdk.handler.BatchTimeoutException;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.BatchListener;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Basket;
import dev.statefun.sdk.testing.BasketCodecs;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for batches of three messages, of which the second is poison.
 */
class FailurePolicyTests {

	private static final EgressId LETTERS = EgressId.parse("example/letters");

	private final List<FailedInvocation> failed = new ArrayList<>();

	private final List<FailureAction> actions = new ArrayList<>();

	static List<Arguments> poisons() {
		List<Arguments> poisons = new ArrayList<>();
		for (Dialect dialect : Dialect.values()) {
			poisons.add(Arguments.of(dialect, FailureKind.HANDLER, Values.text("throw")));
			poisons.add(Arguments.of(dialect, FailureKind.HANDLER, Values.text("fail later")));
			poisons.add(Arguments.of(dialect, FailureKind.HANDLER, Values.text("reply")));
			poisons.add(Arguments.of(dialect, FailureKind.UNKNOWN_TYPE, Values.user("unknown")));
			poisons.add(Arguments.of(dialect, FailureKind.UNDECODABLE,
					Values.of("io.statefun.types/string", ByteString.copyFromUtf8("no wrapper"))));
			poisons.add(Arguments.of(dialect, FailureKind.INVALID, Values.text("invalid")));
		}
		return poisons;
	}

	@ParameterizedTest
	@MethodSource("poisons")
	void failedBatchHasNoEffectsWithoutAPolicy(Dialect dialect, FailureKind kind, Any poison) {
		assertThat(Cluster.failureOf(handler(null).handle(batch(poison).toByteArray(dialect == Dialect.V3))))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("on message 2 of 3")
			.hasMessageContaining("nothing of the batch was applied");
		assertThat(this.failed).singleElement().satisfies((failure) -> assertThat(failure.kind()).isEqualTo(kind));
		assertThat(this.actions).containsExactly(FailureAction.retry());
	}

	@ParameterizedTest
	@MethodSource("poisons")
	void retriedBatchHasNoEffects(Dialect dialect, FailureKind kind, Any poison) {
		RequestReplyHandler handler = handler((failed) -> FailureAction.retry());
		assertThat(Cluster.failureOf(handler.handle(batch(poison).toByteArray(dialect == Dialect.V3))))
			.isInstanceOf(InvocationFailedException.class);
		assertThat(this.actions).containsExactly(FailureAction.retry());
	}

	@ParameterizedTest
	@MethodSource("poisons")
	void skippedMessageDoesNotAffectTheOthers(Dialect dialect, FailureKind kind, Any poison) {
		ClusterReply reply = call(handler((failed) -> FailureAction.skip()), dialect, poison);
		assertOnlyFirstAndThird(reply);
		assertThat(reply.records()).extracting(ClusterReply.Egress::egress)
			.containsExactly("example/out", "example/out");
		assertThat(this.actions).containsExactly(FailureAction.skip());
	}

	@ParameterizedTest
	@MethodSource("poisons")
	void deadLetterIsSentBetweenTheEffectsOfTheOthers(Dialect dialect, FailureKind kind, Any poison) {
		List<FailedInvocation> decided = new ArrayList<>();
		ClusterReply reply = call(handler((failed) -> {
			decided.add(failed);
			return FailureAction.deadLetter(LETTERS,
					KafkaRecord.forTopic("dead").key(failed.self().id()).value(failed.message()).build());
		}), dialect, poison);
		assertOnlyFirstAndThird(reply);
		assertThat(reply.records()).extracting(ClusterReply.Egress::egress)
			.containsExactly("example/out", "example/letters", "example/out");
		assertThat(decided).singleElement().satisfies((failure) -> {
			assertThat(failure.self()).isEqualTo(Address.of(Cluster.FUNCTION, Cluster.ID));
			assertThat(failure.caller())
				.isEqualTo(poison.equals(Values.text("reply")) ? Optional.empty() : Optional.of(Cluster.CALLER));
			assertThat(failure.message()).isEqualTo(poison);
			assertThat(failure.kind()).isEqualTo(kind);
			assertThat(failure.cause()).isNotNull();
		});
		assertThat(this.failed).isEqualTo(decided);
	}

	@ParameterizedTest
	@EnumSource
	void gatewayIsToldThatItsMessageWasSkippedOrDeadLettered(Dialect dialect) {
		for (FailureAction action : List.of(FailureAction.skip(),
				FailureAction.deadLetter(LETTERS, KafkaRecord.forTopic("dead").value(new byte[0]).build()))) {
			ClusterRequest request = Cluster.request().absentState("count").absentState("basket");
			request.messageFrom("statefun.gateway/shop", "x/1", Values.text("invalid"));
			request.messageFrom("other.gateway/shop", "x/1", Values.text("invalid"));
			RequestReplyHandler handler = handler((failed) -> action);
			ClusterReply reply = ClusterReply.of(dialect == Dialect.V3,
					Cluster.replyOf(handler.handle(request.toByteArray(dialect == Dialect.V3))));
			assertThat(reply.sent()).singleElement().satisfies((sent) -> {
				assertThat(sent.target()).isEqualTo("statefun.gateway/shop/x/1");
				assertThat(sent.message().getTypeUrl()).isEqualTo("type.googleapis.com/dev.statefun.gateway.Failed");
				assertThat(sent.message().getValue()).isEqualTo(ByteString.copyFromUtf8("\n\007INVALID"));
			});
			assertThat(reply.records()).hasSize((action == FailureAction.skip()) ? 0 : 2);
			assertThat(reply.stateChanges()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void failuresOfTheWholeBatchAreNotDecided(Dialect dialect) {
		for (String text : List.of("overflow", "interrupt", "link")) {
			RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
			assertThat(Cluster.failureOf(handler.handle(batch(Values.text(text)).toByteArray(dialect == Dialect.V3))))
				.as(text)
				.isInstanceOf(InvocationFailedException.class);
			assertThat(Thread.interrupted()).isFalse();
		}
		assertThat(this.actions).hasSize(3).containsOnly(FailureAction.retry());
	}

	@ParameterizedTest
	@ValueSource(strings = { "execution", "reflection", "completion", "proxy", "nested", "wrapped later" })
	void wrappedExceptionIsDecided(String text) {
		RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
		assertOnlyFirstAndThird(call(handler, Dialect.V3, Values.text(text)));
		assertThat(this.failed).singleElement().satisfies((failure) -> {
			assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
			assertThat(failure.cause()).isInstanceOf(InvalidMessageException.class).hasMessage("wrapped");
		});
	}

	@Test
	void wrappedVirtualMachineErrorIsNotDecided() {
		RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
		assertThat(Cluster.failureOf(handler.handle(batch(Values.text("wrapped link")).toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class);
		assertThat(this.actions).containsExactly(FailureAction.retry());
	}

	@ParameterizedTest
	@ValueSource(strings = { "proxied interrupt", "proxied link", "proxied timeout", "proxied interrupt later" })
	void failuresOfTheWholeBatchAreNotDecidedInsideWrappers(String text) {
		RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
		assertThat(Cluster.failureOf(handler.handle(batch(Values.text(text)).toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class);
		assertThat(this.actions).containsExactly(FailureAction.retry());
		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void failureDescribesTheWrappedExceptionAndKeepsTheWrapperAsItsCause() {
		assertThat(Cluster.failureOf(handler(null).handle(batch(Values.text("proxy")).toV3().toByteArray())))
			.hasMessageEndingWith(
					"nothing of the batch was applied: " + InvalidMessageException.class.getName() + ": wrapped")
			.hasCauseInstanceOf(UndeclaredThrowableException.class);
	}

	@Test
	@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void cycleOfWrappersIsDecidedAsTheThrownException() {
		RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
		assertOnlyFirstAndThird(call(handler, Dialect.V3, Values.text("circle")));
		assertThat(this.failed).singleElement()
			.satisfies((failure) -> assertThat(failure.cause()).isInstanceOf(CircularException.class));
	}

	@Test
	void descriptionOfAFailedInvocationHasNoContent() {
		Cluster.failureOf(handler(null).handle(batch(Values.text("throw")).toV3().toByteArray()));
		assertThat(this.failed).singleElement()
			.hasToString("message of the type 'io.statefun.types/string' (7 bytes) for function '" + Cluster.FUNCTION
					+ "', id '" + Cluster.ID + "'");
	}

	@ParameterizedTest
	@EnumSource
	void letterThatCannotBeEncodedFailsTheBatch(Dialect dialect) {
		RequestReplyHandler handler = handler((failed) -> FailureAction.deadLetter(LETTERS, new Object()));
		assertThat(Cluster.failureOf(handler.handle(batch(Values.text("throw")).toByteArray(dialect == Dialect.V3))))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("on message 2 of 3")
			.hasRootCauseMessage("No mapping for type 'java.lang.Object'. Mark it with "
					+ "@MessageType(\"<namespace>/<name>\"), add a MessageCodec that takes it, or use a protobuf "
					+ "message, boolean, int, long, float, double, String or google.protobuf.Any instead.")
			.cause()
			.satisfies((cause) -> assertThat(cause.getSuppressed()).singleElement()
				.satisfies((suppressed) -> assertThat(suppressed).hasMessage("poison")));
	}

	@ParameterizedTest
	@EnumSource
	void policyThatFailsFailsTheBatch(Dialect dialect) {
		RequestReplyHandler handler = handler((failed) -> {
			throw new IllegalStateException("no decision");
		});
		assertThat(Cluster.failureOf(handler.handle(batch(Values.text("throw")).toByteArray(dialect == Dialect.V3))))
			.isInstanceOf(InvocationFailedException.class)
			.hasRootCauseMessage("no decision");
	}

	@Test
	@SuppressWarnings("NullAway") // What a policy must not do
	void policyThatReturnsNullFailsTheBatch() {
		RequestReplyHandler handler = handler((failed) -> null);
		assertThat(Cluster.failureOf(handler.handle(batch(Values.text("throw")).toV3().toByteArray())))
			.hasRootCauseMessage("the failure policy returned null");
	}

	@ParameterizedTest
	@EnumSource
	void skippedMessageCannotHaveEffects(Dialect dialect) {
		Counter counter = new Counter();
		RequestReplyHandler handler = handler(counter, (failed) -> FailureAction.skip());
		Cluster.replyOf(handler.handle(batch(Values.text("throw")).toByteArray(dialect == Dialect.V3)));
		assertThat(counter.contexts).hasSize(3)
			.allSatisfy((context) -> assertThat(catchThrowable(() -> context.send("a/b", "c", "late")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("was used after its invocation had ended"));
	}

	@ParameterizedTest
	@EnumSource
	void everyMessageMayBePoison(Dialect dialect) {
		RequestReplyHandler handler = handler((failed) -> FailureAction.skip());
		byte[] request = Cluster.request()
			.absentState("count")
			.absentState("basket")
			.message(Values.text("throw"))
			.message(Values.text("fail later"))
			.toByteArray(dialect == Dialect.V3);
		assertThat(ClusterReply.of(dialect == Dialect.V3, Cluster.replyOf(handler.handle(request))))
			.isEqualTo(ClusterReply.NOTHING);
	}

	@ParameterizedTest
	@EnumSource
	void stateThatCannotBeEncodedIsTheFaultOfTheMessageThatSetIt(Dialect dialect) {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new Keeper()).build())
			.failurePolicy((failed) -> FailureAction.skip())
			.build();
		ClusterRequest request = Cluster.request().absentState("kept").message(Values.text("whole"));
		request.message(Values.text("half"));
		assertThat(ClusterReply
			.of(dialect == Dialect.V3, Cluster.replyOf(handler.handle(request.toByteArray(dialect == Dialect.V3))))
			.stateChanges()).containsExactly(new ClusterReply.StateChange("kept", Values.text("whole")));
	}

	private void assertOnlyFirstAndThird(ClusterReply reply) {
		assertThat(reply.sent()).extracting(ClusterReply.Sent::message)
			.containsExactly(Values.text("sent by first"), Values.text("sent by third"));
		assertThat(reply.delayed()).extracting(ClusterReply.Delayed::message)
			.containsExactly(Values.text("delayed by first"), Values.text("delayed by third"));
		assertThat(reply.stateChanges()).containsExactly(new ClusterReply.StateChange("count", Values.integer(2)),
				new ClusterReply.StateChange("basket",
						Values.of("example/basket", ByteString.copyFromUtf8("first,third"))));
	}

	private static ClusterRequest batch(Any poison) {
		ClusterRequest request = Cluster.request().absentState("count").absentState("basket");
		request.message(Values.text("first"));
		if (poison.equals(Values.text("reply"))) {
			request.message(poison);
		}
		else {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, poison);
		}
		return request.message(Values.text("third"));
	}

	private ClusterReply call(RequestReplyHandler handler, Dialect dialect, Any poison) {
		return ClusterReply.of(dialect == Dialect.V3,
				Cluster.replyOf(handler.handle(batch(poison).toByteArray(dialect == Dialect.V3))));
	}

	private RequestReplyHandler handler(@Nullable FailurePolicy policy) {
		return handler(new Counter(), policy);
	}

	private RequestReplyHandler handler(Counter counter, @Nullable FailurePolicy policy) {
		StatefulFunctions functions = StatefulFunctions.builder()
			.codecs(new BasketCodecs())
			.validator(FailurePolicyTests::validate)
			.register(Cluster.FUNCTION, counter)
			.build();
		RequestReplyHandler.Builder handler = RequestReplyHandler.builder(functions).listener(new BatchListener() {

			@Override
			public void batchEnded(BatchReport report) {
			}

			@Override
			public void invocationFailed(FailedInvocation failed, FailureAction action) {
				FailurePolicyTests.this.failed.add(failed);
				FailurePolicyTests.this.actions.add(action);
			}

		});
		return ((policy != null) ? handler.failurePolicy(policy) : handler).build();
	}

	private static void validate(Object message) {
		if (message.equals("invalid")) {
			throw new InvalidMessageException("'" + message + "' is not valid", null);
		}
	}

	/**
	 * Encodes its message, or an unpaired surrogate.
	 */
	static final class Keeper {

		@Handler
		void on(String text, @Persisted("kept") PersistedValue<String> kept) {
			kept.set(text.equals("half") ? "\ud83d" : text);
			assertThat(kept.get()).isPresent();
		}

	}

	/**
	 * Has one effect of each kind before it interprets the message.
	 */
	static final class Counter {

		private final List<Context> contexts = new ArrayList<>();

		@Handler
		CompletionStage<?> on(@Valid String text, @Persisted("count") PersistedValue<Integer> count,
				@Persisted("basket") PersistedValue<Basket> basket, Context context) throws Exception {
			this.contexts.add(context);
			count.set(count.get().orElse(0) + 1);
			// The state was never set
			basket.get().ifPresent((kept) -> kept.items().add("changed in place"));
			Basket changed = basket.get().orElseGet(() -> new Basket(new ArrayList<>()));
			changed.items().add(text);
			basket.set(changed);
			changed.items().add("changed after it was set");
			context.send("example/other", "x", "sent by " + text);
			context.sendAfter(Duration.ofSeconds(1), "example/other", "x", "delayed by " + text);
			context.sendEgress("example/out", "sent by " + text);
			return act(text);
		}

		private static CompletionStage<?> act(String text) throws Exception {
			CompletableFuture<Object> later = new CompletableFuture<>();
			switch (text) {
				case "throw" -> throw new IllegalArgumentException("poison");
				case "reply" -> {
					return CompletableFuture.completedFuture("never sent");
				}
				case "overflow" -> throw new StackOverflowError();
				case "interrupt" -> throw new InterruptedException();
				case "link" -> throw new NoClassDefFoundError();
				case "wrapped link" -> throw new ExecutionException(new NoClassDefFoundError());
				case "execution" -> throw new ExecutionException(new InvalidMessageException("wrapped", null));
				case "reflection" -> throw new InvocationTargetException(new InvalidMessageException("wrapped", null));
				case "completion" ->
					throw new CompletionException(new ExecutionException(new InvalidMessageException("wrapped", null)));
				case "proxy" -> throw new UndeclaredThrowableException(new InvalidMessageException("wrapped", null));
				case "nested" -> throw new CompletionException(new UndeclaredThrowableException(
						new InvocationTargetException(new InvalidMessageException("wrapped", null))));
				case "wrapped later" -> {
					return CompletableFuture
						.failedFuture(new UndeclaredThrowableException(new InvalidMessageException("wrapped", null)));
				}
				case "proxied interrupt" -> throw new UndeclaredThrowableException(new InterruptedException());
				case "proxied interrupt later" -> {
					return CompletableFuture.failedFuture(new UndeclaredThrowableException(new InterruptedException()));
				}
				case "proxied link" ->
					throw new UndeclaredThrowableException(new InvocationTargetException(new NoClassDefFoundError()));
				case "proxied timeout" -> throw new UndeclaredThrowableException(
						new BatchTimeoutException("late", Duration.ofSeconds(1), 0, 1, null));
				case "circle" -> {
					CircularException circle = new CircularException();
					circle.initCause(new ExecutionException(circle));
					throw circle;
				}
				case "fail later" -> later.completeOnTimeout("", 5, TimeUnit.MILLISECONDS);
				default -> {
					return CompletableFuture.completedFuture(null);
				}
			}
			return later.thenApply((nothing) -> {
				throw new IllegalArgumentException("poison");
			});
		}

	}

	/**
	 * Receives its cause after its creation.
	 */
	private static final class CircularException extends CompletionException {

		private CircularException() {
			super("circular");
		}

	}

}
