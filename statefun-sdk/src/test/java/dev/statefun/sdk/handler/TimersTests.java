package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailureKind;
import dev.statefun.sdk.failure.MessageDecodingException;
import dev.statefun.sdk.failure.UnreadableStateException;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.ReplyTooLargeException;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterReply.StateChange;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Timers} in requests and replies. Nonces are 1, 2, 3 and so on.
 */
class TimersTests {

	private static final String STATE = "statefun_timers";

	private static final String SELF = Cluster.FUNCTION + "/" + Cluster.ID;

	private static final String REMIND = "statefun/timer/" + Cluster.FUNCTION + "/remind";

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final Address TARGET = Address.of("a/b", "1");

	private long nonce;

	private RequestReplyHandler handler(FunctionHandler function) {
		return handler(function, UnaryOperator.identity());
	}

	private RequestReplyHandler handler(FunctionHandler function,
			UnaryOperator<RequestReplyHandler.Builder> customizer) {
		FunctionSpec spec = FunctionSpec.of(Cluster.FUNCTION).state("count", Integer.class).timers();
		StatefulFunctions functions = StatefulFunctions.builder().register(spec, function).build();
		return customizer.apply(RequestReplyHandler.builder(functions).timerNonces(() -> ++this.nonce)).build();
	}

	// Handles messages whose text names what to do
	private static void command(Context context, Any message) {
		Timers timers = Timers.of(context);
		switch (message.getValue().toStringUtf8()) {
			case "start" -> timers.start("remind", SECOND, Values.text("fired"));
			case "start two" -> {
				timers.start("remind", SECOND, Values.text("fired"));
				timers.start("other", SECOND, Values.text("fired"));
			}
			case "cancel" -> timers.cancel("remind");
			case "start and fail" -> {
				timers.start("remind", SECOND, Values.text("fired"));
				throw new IllegalStateException("poison");
			}
			case "cancel and fail" -> {
				timers.cancel("remind");
				throw new IllegalStateException("poison");
			}
			case "fail" -> throw new IllegalStateException("poison");
			default -> context.send(TARGET, message);
		}
	}

	private static Any text(String command) {
		return Values.of("test/command", ByteString.copyFromUtf8(command));
	}

	private static ClusterRequest request(Any... messages) {
		return add(Cluster.request().absentState("count").absentState(STATE), messages);
	}

	private static ClusterRequest pending(String name, long nonce, Any... messages) {
		return add(Cluster.request().absentState("count").state(STATE, state(name, nonce)), messages);
	}

	private static ClusterRequest add(ClusterRequest request, Any... messages) {
		for (Any message : messages) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, message);
		}
		return request;
	}

	private static Any state(String name, long nonce) {
		return Values.of("statefun/timers", ByteString.copyFrom(TimerFields.encodeNonces(Map.of(name, nonce))));
	}

	private static Any timer(Dialect dialect, String name, long nonce, Any message) {
		byte[] headers = message.toBuilder().clearTypeUrl().clearValue().build().toByteArray();
		return Values.of("statefun/timer", ByteString.copyFrom(TimerFields.encodeMessage(dialect, name, nonce,
				Utf8.encode(message.getTypeUrl()), message.getValue().toByteArray(), headers)));
	}

	private static ClusterReply call(RequestReplyHandler handler, Dialect dialect, ClusterRequest request) {
		return ClusterReply.of(dialect == Dialect.V3,
				Cluster.replyOf(handler.handle(request.toByteArray(dialect == Dialect.V3))));
	}

	private ClusterReply handle(Dialect dialect, ClusterRequest request) {
		return call(handler(TimersTests::command), dialect, request);
	}

	private static List<Delayed> started(Dialect dialect, String token, Any message) {
		return (dialect == Dialect.V2) ? List.of(Delayed.of(1000, SELF, message))
				: List.of(Delayed.cancellation(token), new Delayed(1000, SELF, message, token, false));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timerThatIsStartedIsADelayedMessageAndAnEntryOfTheState(Dialect dialect) {
		ClusterReply reply = handle(dialect, request(text("start")));
		assertThat(reply.delayed())
			.isEqualTo(started(dialect, REMIND, timer(dialect, "remind", 1, Values.text("fired"))));
		assertThat(reply.stateChanges()).containsExactly(new StateChange(STATE, state("remind", 1)));
	}

	@Test
	void bytesOfTheMessageAndTheStateNeverChange() {
		String name = "0a0672656d696e64";
		String nonce = "110100000000000000";
		String fired = HexFormat.of().formatHex(Utf8.encode("fired"));
		assertThat(hex(timer(Dialect.V3, "remind", 1, Values.of("a/b", ByteString.copyFromUtf8("fired")))))
			.isEqualTo(name + nonce + "1a0e" + "0a03612f62" + "1001" + "1a05" + fired);
		assertThat(hex(timer(Dialect.V2, "remind", 1, Values.of("a/b", ByteString.copyFromUtf8("fired")))))
			.isEqualTo(name + nonce + "1a0c" + "0a03612f62" + "1205" + fired);
		assertThat(hex(state("remind", 1))).isEqualTo("0a11" + name + nonce);
	}

	private static String hex(Any value) {
		return HexFormat.of().formatHex(value.getValue().toByteArray());
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageOfATimerThatFiresIsHandledAndHasNoCaller(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((context, message) -> {
			seen.add(message);
			seen.add(context.caller().isPresent());
			seen.add(Timers.of(context).pending());
		});
		ClusterReply reply = call(handler, dialect,
				pending("remind", 7, timer(dialect, "remind", 7, Values.text("fired"))));
		assertThat(seen).containsExactly(Values.text("fired"), false, Set.of());
		assertThat(reply.stateChanges()).containsExactly(new StateChange(STATE, null));
		assertThat(reply.delayed()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageOfATimerCanNotBeAnswered(Dialect dialect) {
		RequestReplyHandler handler = handler((context, message) -> context.reply(message));
		assertThat(
				Cluster.failureOf(handler.handle(pending("remind", 7, timer(dialect, "remind", 7, Values.text("fired")))
					.toByteArray(dialect == Dialect.V3))))
			.hasMessageContaining("can't reply: the message came from an ingress or a timer and has no caller")
			.hasMessageContaining("on message 1 of 1, of the type 'io.statefun.types/string'");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageWithAnotherNonceIsDropped(Dialect dialect) {
		Any message = timer(dialect, "remind", 7, Values.text("fired"));
		assertThat(handle(dialect, pending("remind", 8, message))).isEqualTo(ClusterReply.NOTHING);
		assertThat(handle(dialect, pending("other", 7, message))).isEqualTo(ClusterReply.NOTHING);
		assertThat(handle(dialect, request(message))).isEqualTo(ClusterReply.NOTHING);
		assertThat(handle(dialect, pending("remind", 7, message)).sent())
			.containsExactly(new Sent("a/b/1", Values.text("fired")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageThatIsDeliveredTwiceIsHandledOnce(Dialect dialect) {
		Any message = timer(dialect, "remind", 7, Values.text("fired"));
		assertThat(handle(dialect, pending("remind", 7, message, message)).sent())
			.containsExactly(new Sent("a/b/1", Values.text("fired")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timerThatIsReplacedOrCancelledInTheSameBatchIsDropped(Dialect dialect) {
		Any old = timer(dialect, "remind", 7, Values.text("fired"));
		ClusterReply replaced = handle(dialect, pending("remind", 7, text("start"), old));
		assertThat(replaced.sent()).isEmpty();
		assertThat(replaced.stateChanges()).containsExactly(new StateChange(STATE, state("remind", 1)));
		ClusterReply cancelled = handle(dialect, pending("remind", 7, text("cancel"), old));
		assertThat(cancelled.sent()).isEmpty();
		assertThat(cancelled.stateChanges()).containsExactly(new StateChange(STATE, null));
		ClusterReply restarted = handle(dialect, pending("remind", 7, text("cancel"), text("start"), old));
		assertThat(restarted.sent()).isEmpty();
		assertThat(restarted.delayed())
			.isEqualTo(started(dialect, REMIND, timer(dialect, "remind", 2, Values.text("fired"))));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void lastChangeOfTheBatchCounts(Dialect dialect) {
		Any[] commands = new Any[1000];
		Arrays.fill(commands, text("start"));
		ClusterReply started = handle(dialect, request(commands));
		assertThat(started.delayed())
			.isEqualTo(started(dialect, REMIND, timer(dialect, "remind", 1000, Values.text("fired"))));
		assertThat(started.stateChanges()).containsExactly(new StateChange(STATE, state("remind", 1000)));
		ClusterReply cancelled = handle(dialect, pending("remind", 7, text("start"), text("cancel")));
		assertThat(cancelled.delayed())
			.isEqualTo((dialect == Dialect.V2) ? List.of() : List.of(Delayed.cancellation(REMIND)));
		assertThat(cancelled.stateChanges()).containsExactly(new StateChange(STATE, null));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timersAreStartedInTheOrderOfTheCalls(Dialect dialect) {
		ClusterReply reply = handle(dialect, request(text("start two"), text("start")));
		assertThat(reply.delayed()).filteredOn((delayed) -> !delayed.cancellation())
			.extracting(Delayed::message)
			.containsExactly(timer(dialect, "other", 2, Values.text("fired")),
					timer(dialect, "remind", 3, Values.text("fired")));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void batchThatChangesNoTimerHasNoEffects(Dialect dialect) {
		RequestReplyHandler handler = handler((context, message) -> {
			Timers.of(context).pending();
			Timers.of(context).cancel("unknown");
		});
		assertThat(call(handler, dialect, request(text("a")))).isEqualTo(ClusterReply.NOTHING);
		assertThat(call(handler, dialect, pending("remind", 7, text("a")))).isEqualTo(ClusterReply.NOTHING);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timerThatIsStartedAndCancelledLeavesNoState(Dialect dialect) {
		assertThat(handle(dialect, request(text("start"), text("cancel"))).stateChanges()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void pendingTimersAreSortedByName(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((context, message) -> {
			Timers timers = Timers.of(context);
			seen.add(List.copyOf(timers.pending()));
			timers.start("b", SECOND, message);
			timers.start("a", SECOND, message);
			seen.add(List.copyOf(timers.pending()));
			timers.cancel("b");
			seen.add(List.copyOf(timers.pending()));
		});
		call(handler, dialect, pending("remind", 7, text("a")));
		assertThat(seen).containsExactly(List.of("remind"), List.of("a", "b", "remind"), List.of("a", "remind"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void statesOfTheFunctionAreWrittenToo(Dialect dialect) {
		RequestReplyHandler handler = handler((context, message) -> {
			Timers.of(context).start("remind", SECOND, message);
			context.state("count", Integer.class).set(1);
			context.sendAfter(Duration.ZERO, TARGET, message);
		});
		ClusterReply reply = call(handler, dialect, request(text("a")));
		assertThat(reply.stateChanges()).extracting(StateChange::name).containsExactlyInAnyOrder("count", STATE);
		assertThat(reply.delayed()).extracting(Delayed::target).startsWith("a/b/1");
	}

	@Test
	void timersOfFunctionsWithTheSameIdHaveDifferentTokens() {
		// All functions of an id share their tokens (protocol.md §5)
		FunctionHandler function = (context, message) -> Timers.of(context).start("remind", SECOND, message);
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(FunctionSpec.of("example/one").timers(), function)
			.register(FunctionSpec.of("example/two").timers(), function)
			.build();
		RequestReplyHandler handler = new RequestReplyHandler(functions);
		List<String> tokens = new ArrayList<>();
		for (String type : List.of("example/one", "example/two")) {
			ClusterReply reply = call(handler, Dialect.V3,
					ClusterRequest.to(type, "joe").absentState(STATE).message(1));
			tokens.add(reply.delayed().get(0).token());
		}
		assertThat(tokens).containsExactly("statefun/timer/example/one/remind", "statefun/timer/example/two/remind");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messagesOfTimersHaveHeaders(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		RequestReplyHandler handler = handler((context, message) -> {
			seen.add(context.headers());
			Timers.of(context.withHeaders(Headers.of("tenant", "acme"))).start("remind", SECOND, Values.text("fired"));
			if (context.caller().isEmpty()) {
				context.forward(TARGET);
			}
		}, (builder) -> builder.propagateHeaders(List.of("trace")));
		Any message = Values.withHeader(Values.withHeader(Values.text("fired"), "trace", "t"), "tenant", "acme");
		ClusterReply reply = call(handler, dialect, request(Values.withHeader(text("a"), "trace", "t")));
		assertThat(reply.delayed()).isEqualTo(started(dialect, REMIND, timer(dialect, "remind", 1, message)));
		ClusterReply fired = call(handler, dialect, pending("remind", 1, timer(dialect, "remind", 1, message)));
		assertThat(fired.sent()).containsExactly(new Sent("a/b/1", message));
		assertThat(seen).containsExactly(Headers.of("trace", "t"), Headers.of("trace", "t").and("tenant", "acme"));
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void interceptorsSeeTheMessageOfTheTimer(Dialect dialect) {
		List<Object> seen = new ArrayList<>();
		RequestReplyHandler handler = handler(TimersTests::command, (builder) -> builder.interceptor((invocation) -> {
			seen.add(invocation.message());
			seen.add(invocation.context().caller().isPresent());
			return invocation.proceed();
		}));
		call(handler, dialect, pending("remind", 7, timer(dialect, "remind", 6, Values.text("stale")),
				timer(dialect, "remind", 7, Values.text("fired"))));
		assertThat(seen).containsExactly(Values.text("fired"), false);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void messageWithoutAValueIsKept(Dialect dialect) {
		// All fields of the message have their defaults (protocol.md §2.2)
		Any empty = Values.of("test/empty", ByteString.EMPTY);
		ClusterReply reply = call(handler((context, message) -> context.send(TARGET, message)), dialect,
				pending("remind", 7, timer(dialect, "remind", 7, empty)));
		assertThat(reply.sent()).containsExactly(new Sent("a/b/1", empty));
	}

	@Nested
	class Failures {

		private final List<FailedInvocation> failed = new ArrayList<>();

		private RequestReplyHandler skipping() {
			return handler(TimersTests::command, (builder) -> builder.failurePolicy((failed) -> {
				this.failed.add(failed);
				return FailureAction.skip();
			}));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void skippedStartLeavesTheOldTimerAsItWas(Dialect dialect) {
			assertThat(call(skipping(), dialect, pending("remind", 7, text("start and fail"))))
				.isEqualTo(ClusterReply.NOTHING);
			assertThat(call(skipping(), dialect, pending("remind", 7, text("cancel and fail"))))
				.isEqualTo(ClusterReply.NOTHING);
			assertThat(call(skipping(), dialect,
					pending("remind", 7, text("start and fail"), timer(dialect, "remind", 7, Values.text("fired"))))
				.sent()).containsExactly(new Sent("a/b/1", Values.text("fired")));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void skippedStartKeepsTheChangesOfEarlierMessages(Dialect dialect) {
			ClusterReply reply = call(skipping(), dialect,
					pending("other", 7, text("start"), text("cancel and fail"), text("start and fail"), text("a")));
			assertThat(reply.delayed())
				.isEqualTo(started(dialect, REMIND, timer(dialect, "remind", 1, Values.text("fired"))));
			assertThat(reply.stateChanges()).hasSize(1);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void deadLetterRollsTheTimerBack(Dialect dialect) {
			RequestReplyHandler handler = handler(TimersTests::command, (builder) -> builder
				.failurePolicy((failed) -> FailureAction.deadLetter(EgressId.parse("a/letters"), failed.message())));
			ClusterReply reply = call(handler, dialect, pending("remind", 7, text("start and fail")));
			assertThat(reply.records()).hasSize(1);
			assertThat(reply.delayed()).isEmpty();
			assertThat(reply.stateChanges()).isEmpty();
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timerWhoseMessageIsSkippedHasFired(Dialect dialect) {
			ClusterReply reply = call(skipping(), dialect,
					pending("remind", 7, timer(dialect, "remind", 7, text("fail"))));
			assertThat(reply.stateChanges()).containsExactly(new StateChange(STATE, null));
			assertThat(this.failed).singleElement().satisfies((failed) -> {
				assertThat(failed.message()).isEqualTo(text("fail"));
				assertThat(failed.caller()).isEmpty();
				assertThat(failed.kind()).isEqualTo(FailureKind.HANDLER);
			});
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void attemptThatIsRepeatedStartsTheTimerOnce(Dialect dialect) {
			int[] attempts = { 0 };
			RequestReplyHandler handler = handler((context, message) -> {
				Timers.of(context).start("attempt " + ++attempts[0], SECOND, message);
				if (attempts[0] < 3) {
					throw new IllegalStateException("once more");
				}
			}, (builder) -> builder.interceptor((invocation) -> {
				for (int i = 0; i < 2; i++) {
					try {
						return invocation.proceed();
					}
					catch (IllegalStateException ex) {
						continue;
					}
				}
				return invocation.proceed();
			}));
			ClusterReply reply = call(handler, dialect,
					pending("remind", 7, timer(dialect, "remind", 7, Values.text("fired"))));
			assertThat(reply.stateChanges()).containsExactly(new StateChange(STATE, state("attempt 3", 3)));
			assertThat(reply.delayed()).filteredOn((delayed) -> !delayed.cancellation()).hasSize(1);
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void bytesThatNoTimerHasSentAreUndecodable(Dialect dialect) {
			Any broken = Values.of("statefun/timer", ByteString.copyFromUtf8("garbage"));
			Any incomplete = Values.of("statefun/timer", ByteString.copyFrom(new byte[] { 0x0a, 1, 'a' }));
			Any longName = timer(dialect, "x".repeat(129), 7, Values.text("fired"));
			ClusterReply reply = call(skipping(), dialect, request(broken, incomplete, longName, text("a")));
			assertThat(reply.sent()).hasSize(1);
			assertThat(this.failed).hasSize(3).allSatisfy((failed) -> {
				assertThat(failed.kind()).isEqualTo(FailureKind.UNDECODABLE);
				assertThat(failed.message().getTypeUrl()).isEqualTo("statefun/timer");
			});
			assertThat(this.failed.get(1).cause()).isInstanceOf(MessageDecodingException.class)
				.hasMessage("Function 'example/function' got 3 bytes that are no message of the type "
						+ "'statefun/timer'; expected one that a named timer has sent");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void messageOfTheOtherDialectIsUndecodable(Dialect dialect) {
			Dialect other = (dialect == Dialect.V2) ? Dialect.V3 : Dialect.V2;
			call(skipping(), dialect, pending("remind", 7, timer(other, "remind", 7, Values.text("fired"))));
			assertThat(this.failed).singleElement()
				.satisfies((failed) -> assertThat(failed.kind()).isEqualTo(FailureKind.UNDECODABLE));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void stateOfAnotherTypeIsUnreadable(Dialect dialect) {
			ClusterRequest request = Cluster.request()
				.absentState("count")
				.state(STATE, Values.text("other"))
				.message(text("start"));
			assertThat(
					Cluster.failureOf(handler(TimersTests::command).handle(request.toByteArray(dialect == Dialect.V3)))
						.getCause())
				.isInstanceOf(UnreadableStateException.class)
				.hasMessage("State 'statefun_timers' of function 'example/function' holds a value of the type "
						+ "'io.statefun.types/string'; expected 'statefun/timers'. Another release uses the name for a "
						+ "state of its own; delete that state, or give the function another type");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timerThatIsTooLargeIsAFailedMessage(Dialect dialect) {
			assertTooLarge(dialect, (context) -> Timers.of(context).start("remind", SECOND, text("x".repeat(1001))));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timerThatIsTooLargeWithItsNameAndAddressIsAFailedMessage(Dialect dialect) {
			assertTooLarge(dialect, (context) -> Timers.of(context).start("remind", SECOND, text("x".repeat(950))));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timersThatAreTooLargeTogetherAreAFailedMessage(Dialect dialect) {
			assertTooLarge(dialect, (context) -> {
				for (int i = 0; i < 20; i++) {
					Timers.of(context).start("timer " + i, SECOND, text("x".repeat(100)));
				}
			});
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timerThatIsTooLargeWithAMessageIsAFailedMessage(Dialect dialect) {
			assertTooLarge(dialect, (context) -> {
				Timers.of(context).start("remind", SECOND, text("x".repeat(300)));
				context.send(TARGET, text("x".repeat(600)));
			});
		}

		private void assertTooLarge(Dialect dialect, Consumer<Context> poison) {
			RequestReplyHandler handler = handler((context, message) -> {
				if (message.equals(text("poison"))) {
					poison.accept(context);
				}
				context.send(TARGET, Values.text("sent"));
			}, (builder) -> builder.maxReplySize(1000).failurePolicy((failed) -> {
				this.failed.add(failed);
				return FailureAction.skip();
			}));
			ClusterReply reply = call(handler, dialect, request(text("a"), text("poison"), text("b")));
			assertThat(reply.sent()).hasSize(2);
			assertThat(reply.delayed()).isEmpty();
			assertThat(this.failed).singleElement()
				.satisfies((failed) -> assertThat(failed.cause()).isInstanceOf(ReplyTooLargeException.class));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void timersThatReplaceEachOtherAreNotTooLarge(Dialect dialect) {
			RequestReplyHandler handler = handler((context, message) -> {
				for (int i = 0; i < 100; i++) {
					Timers.of(context).start("remind", SECOND, text("x".repeat(100)));
				}
			}, (builder) -> builder.maxReplySize(1000).failurePolicy((failed) -> FailureAction.skip()));
			assertThat(call(handler, dialect, request(text("a"), text("b"))).delayed())
				.hasSize((dialect == Dialect.V3) ? 2 : 1);
		}

	}

	@Nested
	class Arguments {

		private @Nullable Throwable mistake(FunctionHandler function) {
			return Cluster.failureOf(handler(function).handle(request(text("a")).toByteArray(true))).getCause();
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", "\n" })
		void blankNamesAreRefused(String name) {
			assertThat(mistake((context, message) -> Timers.of(context).start(name, SECOND, message)))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageStartingWith("The name of a timer has 1 to 128 characters that are not all blank, but is '");
			assertThat(mistake((context, message) -> Timers.of(context).cancel(name)))
				.isInstanceOf(IllegalArgumentException.class);
		}

		@Test
		void lengthOfNamesIsLimited() {
			assertThat(call(handler((context, message) -> Timers.of(context)
				.start("n".repeat(Timers.MAX_NAME_LENGTH), SECOND, message)), Dialect.V3, request(text("a"))).delayed())
				.hasSize(2);
			assertThat(mistake((context, message) -> Timers.of(context).start("n".repeat(129), SECOND, message)))
				.isInstanceOf(IllegalArgumentException.class);
		}

		@Test
		void unpairedSurrogatesAreRefused() {
			assertThat(mistake((context, message) -> Timers.of(context).start("\ud800", SECOND, message)))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("unpaired surrogate");
		}

		@Test
		void negativeDelayIsRefused() {
			assertThat(mistake((context, message) -> Timers.of(context).start("a", Duration.ofMillis(-1), message)))
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessage("'delay' must be between zero and 100 million years, but is PT-0.001S");
		}

		@Test
		void emptyIdIsRefused() {
			ClusterRequest request = ClusterRequest.to(Cluster.FUNCTION, "")
				.absentState("count")
				.absentState(STATE)
				.message(text("start"));
			assertThat(Cluster.failureOf(handler(TimersTests::command).handle(request.toByteArray())).getCause())
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessage("Timer 'remind' of function 'example/function' can't be started for an empty id; "
						+ "a message to a function needs an id that is not empty");
		}

		@Test
		void timersEndWithTheInvocation() {
			List<Timers> kept = new ArrayList<>();
			call(handler((context, message) -> kept.add(Timers.of(context))), Dialect.V3, request(text("a")));
			Timers timers = kept.get(0);
			assertThatIllegalStateException().isThrownBy(() -> timers.start("remind", SECOND, Values.text("a")))
				.withMessageContaining("was used after its invocation had ended");
			assertThatIllegalStateException().isThrownBy(() -> timers.cancel("remind"));
			assertThatIllegalStateException().isThrownBy(timers::pending);
		}

		@Test
		void pendingTimersCanNotBeChanged() {
			assertThat(mistake((context, message) -> Timers.of(context).pending().add("a")))
				.isInstanceOf(UnsupportedOperationException.class);
		}

	}

	@Nested
	class Declarations {

		@Test
		void functionThatDoesNotDeclareTimersHasNone() {
			assertThat(Cluster.of(Dialect.V3, (context, message) -> Timers.of(context)).mistake(text("a")))
				.isInstanceOf(IllegalStateException.class)
				.hasMessage(
						"Function 'example/function' does not declare timers. Add a parameter of the type Timers to "
								+ "a handler, timers() to its FunctionSpec, or hasTimers() to its FunctionHandler");
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void messageOfATimerIsAnOrdinaryOneWithoutTimers(Dialect dialect) {
			Any message = timer(dialect, "remind", 7, Values.text("fired"));
			Cluster cluster = Cluster.of(dialect, (context, received) -> context.send(TARGET, received));
			assertThat(cluster.call(message).sent()).containsExactly(new Sent("a/b/1", message));
		}

		@ParameterizedTest
		@EnumSource(Dialect.class)
		void handlerCanDeclareTimersItself(Dialect dialect) {
			FunctionHandler function = new FunctionHandler() {

				@Override
				public void handle(Context context, Any message) {
					command(context, message);
				}

				@Override
				public boolean hasTimers() {
					return true;
				}

			};
			Cluster cluster = new Cluster(dialect,
					StatefulFunctions.builder().register(Cluster.FUNCTION, function).build());
			assertThat(cluster.call(Cluster.request(text("start")).absentState(STATE)).stateChanges())
				.extracting(StateChange::name)
				.containsExactly(STATE);
		}

		@Test
		void stateOfTheTimersIsRequestedFromNewerClusters() {
			assertThat(call(handler(TimersTests::command), Dialect.V3, Cluster.request(text("start"))).missing())
				.extracting((state) -> state.getStateName() + " " + state.getTypeTypename() + " "
						+ state.hasExpirationSpec())
				.containsExactly("count io.statefun.types/int false", "statefun_timers statefun/timers false");
		}

		@Test
		void stateThatTheModuleOfAnOlderClusterLacksIsNamed() {
			assertThat(Cluster.failureOf(handler(TimersTests::command)
				.handle(Cluster.request(text("start")).absentState("count").toByteArray(false)))).hasMessage(
						"Function 'example/function' declares the states [statefun_timers], which the 2.x cluster did "
								+ "not send. Add to the spec of function 'example/function' in the cluster's module.yaml "
								+ "(format \"2.0\"):\nstates:\n  - name: statefun_timers");
		}

		@Test
		void nameOfTheStateIsReserved() {
			assertThatIllegalArgumentException().isThrownBy(() -> ValueSpec.of(STATE, Integer.class))
				.withMessage("State name 'statefun_timers' is reserved for named timers. Choose another name for the "
						+ "state; to use timers, declare a parameter of the type Timers.");
			assertThat(Cluster
				.failureOf(handler((context, message) -> context.state(STATE)).handle(request(text("a")).toByteArray()))
				.getCause()).isInstanceOf(IllegalStateException.class)
				.hasMessage("State 'statefun_timers' of function 'example/function' is reserved for its timers; "
						+ "use Timers.of(context)");
		}

	}

}
