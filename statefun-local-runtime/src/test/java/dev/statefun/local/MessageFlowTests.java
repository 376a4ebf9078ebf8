package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.statefun.local.EndedRequest.CausedEffect;
import dev.statefun.local.EndedRequest.HandledMessage;
import dev.statefun.local.EndedRequest.MessageOutcome;
import dev.statefun.local.EndedRequest.Outcome;
import dev.statefun.local.EndedRequest.StateTransition;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.InvocationListener;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.IntWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the events of a {@link MessageFlowListener}.
 */
@Timeout(120)
class MessageFlowTests {

	private static final Address JOE = Address.of("test/busy", "joe");

	private static final Instant NOON = Instant.EPOCH.plus(Duration.ofHours(12));

	private static final int MESSAGES = 50;

	private final FlowRecorder recorder = new FlowRecorder();

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register("test/busy", new Busy())
		.register("test/sink", new Sink())
		.register("test/steps", new Steps())
		.build();

	private final RequestReplyHandler handler = RequestReplyHandler.builder(this.functions)
		.failurePolicy((failed) -> switch (String.valueOf(failed.cause().getMessage())) {
			case "skip" -> FailureAction.skip();
			case "letter" -> FailureAction.deadLetter(EgressId.parse("ops/letters"), failed.message());
			default -> FailureAction.retry();
		})
		.build();

	private LocalRuntime.Builder runtime(FunctionEndpoint endpoint) {
		return LocalRuntime.builder()
			.functions(this.functions, endpoint)
			.outside((type) -> type.name().equals("outside"))
			.manualClock(NOON)
			.listener(this.recorder);
	}

	private LocalRuntime.Builder runtime() {
		return runtime(FunctionEndpoint.of(this.handler));
	}

	private LocalRuntime.Builder remoteRuntime() {
		return runtime(this.handler::handle);
	}

	// Returns the number of each message by its id
	private Map<Long, Integer> sendBatch(LocalRuntime runtime) {
		runtime.sendTogether(JOE, IntStream.range(0, MESSAGES).boxed().toList());
		Map<Long, Integer> numbers = new HashMap<>();
		this.recorder.accepted().forEach((message) -> numbers.put(message.id(), numberOf(message.message())));
		assertThat(numbers).hasSize(MESSAGES);
		runtime.runUntilIdle();
		return numbers;
	}

	private static int numberOf(Any message) {
		try {
			return IntWrapper.parseFrom(message.getValue()).getValue();
		}
		catch (InvalidProtocolBufferException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void effectsOfABatchBelongToTheirMessages(Protocol protocol) {
		try (LocalRuntime runtime = runtime().protocol(protocol).start()) {
			Map<Long, Integer> numbers = sendBatch(runtime);
			List<AcceptedMessage> sent = this.recorder.accepted().subList(MESSAGES, this.recorder.accepted().size());
			assertThat(sent).hasSize(47).allSatisfy((message) -> {
				assertThat(message.cause().kind()).isEqualTo(MessageCause.Kind.MESSAGE);
				assertThat(numbers.get(message.cause().messages().get(0))).isEqualTo(numberOf(message.message()));
				assertThat(message.caller()).contains(JOE);
				assertThat(message.when()).isEqualTo(NOON);
			});
			EndedRequest request = this.recorder.ended()
				.stream()
				.filter((ended) -> ended.self().equals(JOE) && ended.outcome() == Outcome.REPLIED)
				.findFirst()
				.orElseThrow();
			assertThat(request.unattributed()).isEmpty();
			assertThat(request.states()).isEmpty();
			assertThat(request.messages()).hasSize(MESSAGES);
			request.messages().forEach((message) -> assertHandled(message, numbers.getOrDefault(message.id(), -1)));
			assertStates(request);
			Set<Long> accepted = new HashSet<>();
			sent.forEach((message) -> accepted.add(message.id()));
			Set<Long> reported = new HashSet<>();
			request.messages()
				.forEach((message) -> message.effects()
					.forEach((effect) -> effect.message().ifPresent((id) -> assertThat(reported.add(id)).isTrue())));
			assertThat(reported).isEqualTo(accepted);
		}
	}

	private static void assertHandled(HandledMessage message, int number) {
		assertThat(message.outcome()).isEqualTo(Busy.outcome(number));
		if (message.outcome() != MessageOutcome.HANDLED) {
			assertThat(message.failure()).isPresent();
			assertThat(message.states()).isEmpty();
			assertThat(message.effects()).hasSize((message.outcome() == MessageOutcome.SKIPPED) ? 0 : 1);
			return;
		}
		assertThat(message.failure()).isEmpty();
		List<Effects.Effect> effects = message.effects().stream().map(CausedEffect::effect).toList();
		assertThat(effects).filteredOn(Effects.Sent.class::isInstance)
			.hasSize(number % 3)
			.allSatisfy((effect) -> assertThat(numberOf(((Effects.Sent) effect).message())).isEqualTo(number));
		assertThat(effects).filteredOn(EgressMessage.class::isInstance).hasSize(number % 2);
		assertThat(message.effects()).filteredOn((effect) -> effect.timer().isPresent()).allSatisfy((effect) -> {
			assertThat(effect.timer()).contains("t" + number % 4);
			assertThat(effect.effect()).isInstanceOfSatisfying(Effects.SentLater.class, (start) -> {
				assertThat(start.token()).isEmpty();
				assertThat(numberOf(start.message())).isEqualTo(number);
			});
		}).hasSize((number >= MESSAGES - 4) ? 1 : 0);
	}

	private static void assertStates(EndedRequest request) {
		Optional<Any> before = Optional.empty();
		for (HandledMessage message : request.messages()) {
			for (StateTransition transition : message.states()) {
				assertThat(transition.name()).isEqualTo("last");
				assertThat(transition.before()).isEqualTo(before);
				before = transition.after();
			}
			assertThat(message.states()).hasSize((message.outcome() == MessageOutcome.HANDLED) ? 1 : 0);
		}
		assertThat(before.map(MessageFlowTests::numberOf)).contains(MESSAGES - 1);
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void batchIsTheCauseIfTheFunctionDoesNotReport(Protocol protocol) {
		try (LocalRuntime runtime = remoteRuntime().protocol(protocol).start()) {
			Map<Long, Integer> numbers = sendBatch(runtime);
			List<AcceptedMessage> sent = this.recorder.accepted().subList(MESSAGES, this.recorder.accepted().size());
			assertThat(sent).isNotEmpty().allSatisfy((message) -> {
				assertThat(message.cause().kind()).isEqualTo(MessageCause.Kind.BATCH);
				assertThat(message.cause().messages()).hasSize(MESSAGES).allMatch(numbers::containsKey);
			});
			EndedRequest request = this.recorder.ended()
				.stream()
				.filter((ended) -> ended.self().equals(JOE) && ended.outcome() == Outcome.REPLIED)
				.findFirst()
				.orElseThrow();
			assertThat(request.messages()).allSatisfy((message) -> {
				assertThat(message.outcome()).isEqualTo(MessageOutcome.UNKNOWN);
				assertThat(message.effects()).isEmpty();
			});
			assertThat(request.unattributed()).hasSizeGreaterThan(sent.size() - 1);
			assertThat(request.states()).extracting(StateTransition::name).containsExactly("last");
		}
	}

	@Test
	void singleMessageIsTheCauseAlsoIfTheFunctionDoesNotReport() {
		try (LocalRuntime runtime = remoteRuntime().start()) {
			long id = runtime.send(JOE, 2);
			runtime.runUntilIdle();
			assertThat(this.recorder.accepted()).filteredOn((message) -> message.id() != id)
				.hasSize(3)
				.allSatisfy((message) -> assertThat(message.cause()).isEqualTo(MessageCause.message(id)));
			HandledMessage handled = replied(id);
			assertThat(handled.effects()).hasSize(3);
			assertThat(handled.states()).singleElement()
				.satisfies((state) -> assertThat(state.after().map(MessageFlowTests::numberOf)).contains(2));
		}
	}

	private HandledMessage replied(long id) {
		return this.recorder.handled()
			.stream()
			.filter((message) -> message.id() == id && message.outcome() != MessageOutcome.NOT_APPLIED
					&& message.outcome() != MessageOutcome.FAILED)
			.findFirst()
			.orElseThrow();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void everyStepOfAChainHasItsCause(Protocol protocol) {
		Address a = Address.of("test/steps", "a");
		try (LocalRuntime runtime = runtime().protocol(protocol).start()) {
			long first = runtime.send(a, "delay");
			runtime.runUntilIdle();
			AcceptedMessage delayed = last(AcceptedMessage.class);
			assertThat(delayed.cause()).isEqualTo(MessageCause.message(first));
			assertThat(delayed.delay()).hasValueSatisfying((delay) -> {
				assertThat(delay.duration()).isEqualTo(Duration.ofSeconds(1));
				assertThat(delay.due()).isEqualTo(NOON.plusSeconds(1));
				assertThat(delay.timer()).isEmpty();
			});
			runtime.advance(Duration.ofSeconds(1));
			assertThat(this.recorder.of(FiredMessage.class)).containsExactly(new FiredMessage(delayed.id(),
					Address.of("test/steps", "b"), Optional.empty(), NOON.plusSeconds(1), NOON.plusSeconds(1)));
			AcceptedMessage timer = last(AcceptedMessage.class);
			assertThat(timer.cause()).isEqualTo(MessageCause.message(delayed.id()));
			assertThat(timer.delay().flatMap(AcceptedMessage.Delay::timer)).contains("remind");
			assertThat(timer.delay().flatMap(AcceptedMessage.Delay::token)).isEmpty();
			assertThat(timer.message()).isEqualTo(Values.text("end"));
			runtime.advance(Duration.ofSeconds(1));
			assertThat(last(FiredMessage.class).timer()).contains("remind");
			HandledMessage end = replied(timer.id());
			assertThat(end.effects()).singleElement()
				.satisfies((effect) -> assertThat(effect.effect()).isInstanceOf(EgressMessage.class));
		}
	}

	@Test
	void eventsComeInTheOrderOfWhatHappened() {
		try (LocalRuntime runtime = runtime().start()) {
			long id = runtime.send(JOE, 1);
			runtime.runUntilIdle();
			List<Object> events = new ArrayList<>();
			this.recorder.events.forEach((event) -> events.add(event.getClass().getSimpleName()));
			// The first request is answered by asking for states
			assertThat(events).containsExactly("AcceptedMessage", "StartedRequest", "EndedRequest", "StartedRequest",
					"AcceptedMessage", "AcceptedMessage", "EndedRequest", "StartedRequest", "EndedRequest");
			assertThat(this.recorder.of(StartedRequest.class).get(0))
				.isEqualTo(new StartedRequest(JOE, List.of(id), 1, NOON));
			assertThat(this.recorder.ended()).extracting(EndedRequest::outcome)
				.containsExactly(Outcome.MISSING_STATES, Outcome.REPLIED, Outcome.REPLIED);
			assertThat(this.recorder.ended().get(0).messages()).extracting(HandledMessage::outcome)
				.containsExactly(MessageOutcome.NOT_APPLIED);
		}
	}

	@Test
	void failedMessageOfABatchIsNamedWithItsException() {
		try (LocalRuntime runtime = runtime().start()) {
			runtime.sendTogether(Address.of("test/steps", "a"), List.of("end", "fail", "end"));
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle);
			EndedRequest failed = this.recorder.ended().get(1);
			assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
			assertThat(failed.failure()).containsInstanceOf(RequestFailedException.class);
			assertThat(failed.nextAttempt()).contains(Duration.ofMillis(4));
			assertThat(failed.messages()).extracting(HandledMessage::outcome)
				.containsExactly(MessageOutcome.NOT_APPLIED, MessageOutcome.FAILED, MessageOutcome.NOT_APPLIED);
			assertThat(failed.messages().get(1).failure())
				.hasValueSatisfying((failure) -> assertThat(failure).isInstanceOf(IllegalStateException.class)
					.hasMessage("made to fail"));
			assertThatExceptionOfType(RequestFailedException.class)
				.isThrownBy(() -> runtime.advance(Duration.ofMillis(4)));
			assertThat(this.recorder.ended().get(2).attempt()).isEqualTo(2);
		}
	}

	@Test
	void failureOfAJobEndsTheRequest() {
		ScriptedFunction scripted = new ScriptedFunction();
		scripted.answers((reply) -> reply.addOutgoingMessages(ScriptedFunction.message("no/such", "1", "x")));
		try (LocalRuntime runtime = scripted.host()
			.listener(this.recorder)
			.restartDelay(Duration.ofSeconds(10))
			.start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("a"));
			runtime.runUntilIdle();
			assertThat(this.recorder.ended()).singleElement().satisfies((ended) -> {
				assertThat(ended.outcome()).isEqualTo(Outcome.JOB_FAILED);
				assertThat(ended.nextAttempt()).contains(Duration.ofSeconds(10));
				assertThat(ended.messages()).extracting(HandledMessage::outcome).containsExactly(MessageOutcome.FAILED);
			});
		}
	}

	@Test
	void cancellationHasItsCause() {
		Address a = Address.of("test/steps", "a");
		try (LocalRuntime runtime = runtime().start()) {
			runtime.send(a, "token");
			runtime.runUntilIdle();
			AcceptedMessage delayed = last(AcceptedMessage.class);
			assertThat(delayed.delay().flatMap(AcceptedMessage.Delay::token)).contains("t");
			long cancelling = runtime.send(a, "cancel");
			runtime.runUntilIdle();
			assertThat(this.recorder.of(CancelledMessage.class)).containsExactly(
					new CancelledMessage(delayed.id(), a, Optional.empty(), MessageCause.message(cancelling), NOON));
			runtime.send(a, "cancel");
			runtime.runUntilIdle();
			assertThat(this.recorder.of(CancelledMessage.class)).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void messageOfATimerThatWasReplacedIsDropped(boolean reports) {
		Address b = Address.of("test/steps", "b");
		try (LocalRuntime runtime = (reports ? runtime() : remoteRuntime()).protocol(Protocol.V2).start()) {
			runtime.send(b, "timer");
			runtime.runUntilIdle();
			long replaced = last(AcceptedMessage.class).id();
			runtime.advance(Duration.ofMillis(500));
			runtime.send(b, "timer");
			runtime.runUntilIdle();
			runtime.advance(Duration.ofMillis(500));
			assertThat(replied(replaced).outcome()).isEqualTo(MessageOutcome.DROPPED);
			assertThat(replied(replaced).effects()).isEmpty();
		}
	}

	@Test
	void messagesThatLeaveTheRuntimeAreNotAccepted() {
		try (LocalRuntime runtime = runtime().start()) {
			long id = runtime.send(Address.of("test/steps", "a"), "outside");
			runtime.runUntilIdle();
			assertThat(this.recorder.accepted()).extracting(AcceptedMessage::id).containsExactly(id);
			assertThat(replied(id).effects()).extracting(CausedEffect::message).containsExactly(OptionalLong.empty());
		}
	}

	@Test
	void idsIncreaseAndAreReturned() {
		try (LocalRuntime runtime = runtime().start()) {
			long first = runtime.send(JOE, 2);
			runtime.runUntilIdle();
			long last = runtime.sendFrom(Address.of("test/sink", "x"), JOE, 0);
			assertThat(this.recorder.accepted()).extracting(AcceptedMessage::id).isSorted().doesNotHaveDuplicates();
			assertThat(this.recorder.accepted().get(0).id()).isEqualTo(first);
			assertThat(this.recorder.accepted().get(0).cause()).isEqualTo(MessageCause.outside());
			assertThat(last(AcceptedMessage.class).id()).isEqualTo(last);
			assertThat(last(AcceptedMessage.class).caller()).contains(Address.of("test/sink", "x"));
		}
	}

	@Test
	void messagesKeepTheirIdsInASnapshotAndLaterOnesGetOthers() {
		byte[] snapshot;
		long waiting;
		List<Long> delayed;
		try (LocalRuntime runtime = runtime().start()) {
			runtime.send(Address.of("test/steps", "a"), "delay");
			runtime.runUntilIdle();
			waiting = runtime.send(JOE, 1);
			delayed = runtime.operations().timers(null, 10).timers().stream().map((timer) -> timer.id()).toList();
			snapshot = runtime.snapshot();
		}
		try (LocalRuntime runtime = runtime().restore(snapshot).start()) {
			assertThat(runtime.operations().mailbox(JOE, 10).inFlight()).singleElement()
				.satisfies((message) -> assertThat(message.id()).isEqualTo(waiting));
			assertThat(runtime.operations().timers(null, 10).timers()).extracting((timer) -> timer.id())
				.isEqualTo(delayed);
			assertThat(runtime.send(JOE, 1)).isGreaterThan(waiting);
		}
	}

	@Test
	void messagesThatAreReadAgainAfterARestartKeepTheirIds() {
		try (LocalRuntime runtime = runtime().start()) {
			long id = runtime.send(JOE, 0);
			runtime.runUntilIdle();
			runtime.restart();
			runtime.runUntilIdle();
			// Asks for states in each run
			assertThat(this.recorder.handled()).filteredOn((message) -> message.id() == id).hasSize(4);
			assertThat(this.recorder.accepted()).extracting(AcceptedMessage::id).doesNotHaveDuplicates().hasSize(3);
		}
	}

	@Test
	void functionsReportOnlyWhileAListenerFollows() {
		AtomicInteger plain = new AtomicInteger();
		AtomicInteger reporting = new AtomicInteger();
		FunctionEndpoint counting = new FunctionEndpoint() {

			@Override
			public CompletionStage<byte[]> call(byte[] request) {
				plain.incrementAndGet();
				return MessageFlowTests.this.handler.handle(request);
			}

			@Override
			public CompletionStage<byte[]> call(byte[] request, InvocationListener listener) {
				reporting.incrementAndGet();
				return MessageFlowTests.this.handler.handle(request, listener);
			}

		};
		Address sink = Address.of("test/sink", "1");
		try (LocalRuntime runtime = LocalRuntime.builder()
			.functions(this.functions, counting)
			.listener(new LocalRuntimeListener() {
			})
			.manualClock()
			.start()) {
			runtime.send(sink, 1);
			runtime.runUntilIdle();
			assertThat(plain).hasValue(1);
			runtime.addListener(this.recorder);
			runtime.send(sink, 1);
			runtime.runUntilIdle();
			assertThat(reporting).hasValue(1);
			assertThat(this.recorder.events).hasSize(3);
			runtime.removeListener(this.recorder);
			runtime.send(sink, 1);
			runtime.runUntilIdle();
			assertThat(plain).hasValue(2);
			assertThat(reporting).hasValue(1);
			assertThat(this.recorder.events).hasSize(3);
		}
	}

	@Test
	void reportsThatDoNotFitTheReplyAreNotUsed() {
		ScriptedFunction scripted = new ScriptedFunction();
		FunctionEndpoint wrong = new FunctionEndpoint() {

			@Override
			public CompletionStage<byte[]> call(byte[] request) {
				return scripted.call(request);
			}

			@Override
			public CompletionStage<byte[]> call(byte[] request, InvocationListener listener) {
				MessageFlowTests.this.handler.handle(
						ClusterRequest.to("test/sink", "1").message(Values.integer(1)).toV3().toByteArray(), listener);
				return scripted.call(request);
			}

		};
		scripted
			.answers((reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "x")));
		try (LocalRuntime runtime = LocalRuntime.builder()
			.function(FunctionSpec.of(ScriptedFunction.TYPE), wrong)
			.manualClock()
			.listener(this.recorder)
			.start()) {
			runtime.sendTogether(ScriptedFunction.ONE, List.of(ScriptedFunction.text("a"), ScriptedFunction.text("b")));
			runtime.runUntilIdle();
			assertThat(last(AcceptedMessage.class).cause().kind()).isEqualTo(MessageCause.Kind.BATCH);
		}
	}

	@Test
	void secondDeliveryOfARequestIsTheOneThatIsReported() {
		try (LocalRuntime runtime = runtime().deliverTwice().start()) {
			Map<Long, Integer> numbers = sendBatch(runtime);
			assertThat(this.recorder.accepted()).hasSize(MESSAGES + 47);
			EndedRequest request = this.recorder.ended().get(1);
			request.messages().forEach((message) -> assertHandled(message, numbers.getOrDefault(message.id(), -1)));
		}
	}

	@Test
	void listenerThatThrowsDoesNotStopTheRuntime() {
		MessageFlowListener failing = new MessageFlowListener() {

			@Override
			public void accepted(AcceptedMessage message) {
				throw new AssertionError("listener");
			}

			@Override
			public void ended(EndedRequest request) {
				throw new AssertionError("listener");
			}

		};
		try (LocalRuntime runtime = runtime().listener(failing).start()) {
			runtime.send(JOE, 2);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(runtime::runUntilIdle).withMessage("listener");
			assertThat(runtime.state(JOE, "last", Integer.class)).contains(2);
			runtime.removeListener(failing);
			runtime.send(JOE, 4);
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "last", Integer.class)).contains(4);
		}
	}

	@Test
	void everyMessageIsFollowedToItsEndWhileManyRun() throws InterruptedException {
		try (LocalRuntime runtime = LocalRuntime.builder()
			.functions(this.functions, FunctionEndpoint.of(this.handler))
			.listener(this.recorder)
			.concurrency(8)
			.start()) {
			List<Thread> senders = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Thread sender = new Thread(() -> IntStream.range(0, 500)
					.forEach((number) -> runtime.send(Address.of("test/busy", "" + number % 20), number % MESSAGES)));
				senders.add(sender);
				sender.start();
			}
			for (Thread sender : senders) {
				sender.join();
			}
			runtime.runUntilIdle();
			Map<Long, Integer> numbers = new HashMap<>();
			Set<Long> open = new HashSet<>();
			for (Object event : this.recorder.events) {
				if (event instanceof AcceptedMessage message) {
					assertThat(numbers.put(message.id(), numberOf(message.message()))).isNull();
					if (message.cause().kind() == MessageCause.Kind.MESSAGE) {
						assertThat(numbers.get(message.cause().messages().get(0)))
							.isEqualTo(numberOf(message.message()));
					}
					if (message.delay().isEmpty()) {
						open.add(message.id());
					}
				}
				else if (event instanceof StartedRequest request) {
					assertThat(open).containsAll(request.messages());
				}
				else if (event instanceof EndedRequest request && request.outcome() == Outcome.REPLIED) {
					request.messages().forEach((message) -> assertThat(open.remove(message.id())).isTrue());
				}
			}
			assertThat(open).isEmpty();
			assertThat(numbers).hasSizeGreaterThan(2000);
		}
	}

	private <E> E last(Class<E> type) {
		List<E> all = this.recorder.of(type);
		return all.get(all.size() - 1);
	}

	/**
	 * Has effects that depend on the number in the message.
	 */
	static final class Busy {

		static MessageOutcome outcome(int number) {
			if (number % 7 != 3) {
				return MessageOutcome.HANDLED;
			}
			return (number % 2 == 0) ? MessageOutcome.SKIPPED : MessageOutcome.DEAD_LETTERED;
		}

		@Handler
		void on(Integer number, Context context, @Persisted("last") PersistedValue<Integer> last, Timers timers) {
			for (int i = 0; i < number % 3; i++) {
				Address sink = Address.of("test/sink", number + "-" + i);
				if (number % 5 == 1) {
					CompletableFuture.runAsync(() -> context.send(sink, number)).join();
				}
				else {
					context.send(sink, number);
				}
			}
			if (number % 2 == 1) {
				context.sendEgress("test/out", number);
			}
			last.set(number);
			timers.start("t" + number % 4, Duration.ofHours(1), number);
			switch (outcome(number)) {
				case SKIPPED -> throw new IllegalArgumentException("skip");
				case DEAD_LETTERED -> throw new IllegalArgumentException("letter");
				default -> {
				}
			}
		}

	}

	/**
	 * Does nothing.
	 */
	static final class Sink {

		@Handler
		void on(Integer number) {
		}

	}

	/**
	 * One step after the other.
	 */
	static final class Steps {

		private static final CancellationToken TOKEN = CancellationToken.of("t");

		@Handler
		void on(String text, Context context, Timers timers) {
			switch (text) {
				case "delay" -> context.sendAfter(Duration.ofSeconds(1), Address.of("test/steps", "b"), "timer");
				case "timer" -> timers.start("remind", Duration.ofSeconds(1), "end");
				case "token" -> context.sendAfter(Duration.ofHours(1), context.self(), "end", TOKEN);
				case "cancel" -> context.cancelDelayed(TOKEN);
				case "outside" -> context.send(Address.of("test/outside", "1"), "x");
				case "fail" -> throw new IllegalStateException("made to fail");
				default -> context.sendEgress("test/out", text);
			}
		}

	}

}
