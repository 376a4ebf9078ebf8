package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.LocalRuntimeOperations.ClockKind;
import dev.statefun.local.LocalRuntimeOperations.FunctionLoad;
import dev.statefun.local.LocalRuntimeOperations.Instance;
import dev.statefun.local.LocalRuntimeOperations.InstancePage;
import dev.statefun.local.LocalRuntimeOperations.InstanceState;
import dev.statefun.local.LocalRuntimeOperations.MailboxContent;
import dev.statefun.local.LocalRuntimeOperations.PendingTimer;
import dev.statefun.local.LocalRuntimeOperations.QueuedMessage;
import dev.statefun.local.LocalRuntimeOperations.TimerPage;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.CancellationToken;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link LocalRuntimeOperations}.
 */
@Timeout(60)
class OperationsTests {

	private static final FunctionType TYPE = FunctionType.parse("test/worker");

	private static final Address JOE = Address.of(TYPE, "joe");

	private static final Instant NOON = Instant.EPOCH.plus(Duration.ofHours(12));

	private static LocalRuntime start(Protocol protocol) {
		return LocalRuntime
			.of(StatefulFunctions.builder()
				.register(TYPE.toString(), new Worker())
				.register("test/plain", new Plain())
				.build())
			.protocol(protocol)
			.manualClock(NOON)
			.start();
	}

	private static LocalRuntime start() {
		return start(Protocol.V3);
	}

	private static void handle(LocalRuntime runtime, String text) {
		runtime.send(JOE, text);
		runtime.runUntilIdle();
	}

	@Test
	void instancesComeInPagesInTheOrderOfTheirIds() {
		try (LocalRuntime runtime = start()) {
			for (int i = 0; i < 25; i++) {
				runtime.send(Address.of(TYPE, "id-" + i), "count");
			}
			runtime.runUntilIdle();
			runtime.send(Address.of(TYPE, "id-21"), "later");
			runtime.runUntilIdle();
			runtime.send(Address.of(TYPE, "other"), "a");
			runtime.send(Address.of(TYPE, "other"), "b");
			List<String> ids = new ArrayList<>();
			String after = null;
			InstancePage page;
			do {
				page = runtime.operations().instances(TYPE, after, 10);
				assertThat(page.total()).isEqualTo(26);
				page.instances().forEach((instance) -> ids.add(instance.self().id()));
				after = ids.get(ids.size() - 1);
			}
			while (page.more());
			assertThat(ids).hasSize(26).isSorted().doesNotHaveDuplicates();
			assertThat(page.instances()).last().isEqualTo(new Instance(Address.of(TYPE, "other"), 1, 1, 0, 0));
			InstancePage found = runtime.operations().instances(TYPE, (id) -> id.startsWith("id-2"), "id-20", 2);
			assertThat(found.instances()).extracting((instance) -> instance.self().id())
				.containsExactly("id-21", "id-22");
			assertThat(found.instances().get(0)).isEqualTo(new Instance(Address.of(TYPE, "id-21"), 0, 0, 1, 1));
			assertThat(found.total()).isEqualTo(6);
			assertThat(found.more()).isTrue();
			assertThat(runtime.operations().instances(TYPE, "zzz", 10))
				.isEqualTo(new InstancePage(List.of(), false, 26));
			assertThatIllegalArgumentException().isThrownBy(() -> runtime.operations().instances(TYPE, null, 0))
				.withMessage("'limit' is 0; expected at least 1");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> runtime.operations().instances(FunctionType.parse("no/such"), null, 1));
		}
	}

	@Test
	void instancesWhoseStatesHaveExpiredAreLeftOut() {
		try (LocalRuntime runtime = start()) {
			handle(runtime, "seen");
			assertThat(runtime.operations().instances(TYPE, null, 10).total()).isOne();
			runtime.advance(Duration.ofSeconds(10));
			assertThat(runtime.operations().instances(TYPE, null, 10).instances()).isEmpty();
		}
	}

	@Test
	void tensOfThousandsOfInstancesArePagedQuickly() {
		try (LocalRuntime runtime = start()) {
			for (int i = 0; i < 50_000; i++) {
				runtime.setState(Address.of(TYPE, "id-" + i), "count", 1);
			}
			// The first page takes longer, before the code is compiled
			runtime.operations().instances(TYPE, null, 50);
			long start = System.nanoTime();
			InstancePage page = runtime.operations().instances(TYPE, (id) -> id.contains("99"), "id-5", 50);
			// Generous: some 10 ms are usual
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			assertThat(page.instances()).hasSize(50);
		}
	}

	@Test
	void loadOfEachFunction() {
		try (LocalRuntime runtime = start()) {
			handle(runtime, "count");
			runtime.send(JOE, "a");
			runtime.send(JOE, "b");
			runtime.send(Address.of(TYPE, "ann"), "a");
			assertThat(runtime.operations().functions()).containsExactly(new FunctionLoad(TYPE, 2, 2, 3, 0),
					new FunctionLoad(FunctionType.parse("test/plain"), 0, 0, 0, 0));
		}
	}

	@Test
	void mailboxHasTheMessagesInFlightAndTheWaitingOnes() {
		try (LocalRuntime runtime = start()) {
			assertThat(runtime.operations().mailbox(JOE, 10))
				.isEqualTo(new MailboxContent(List.of(), 0, 0, List.of(), 0));
			Address caller = Address.of("test/caller", "c");
			long first = runtime.send(JOE, "fail", Headers.of("k", "v"));
			long second = runtime.sendFrom(caller, JOE, "b");
			runtime.send(JOE, "c");
			assertThatExceptionOfType(RequestFailedException.class).isThrownBy(runtime::runUntilIdle);
			MailboxContent content = runtime.operations().mailbox(JOE, 1);
			assertThat(content.inFlight()).containsExactly(new QueuedMessage(first, Optional.empty(),
					Values.text("fail"), Headers.of("k", "v"), Optional.empty()));
			assertThat(content.failures()).isOne();
			assertThat(content.inFlightSize()).isOne();
			assertThat(content.waiting()).containsExactly(new QueuedMessage(second, Optional.of(caller),
					Values.text("b"), Headers.empty(), Optional.empty()));
			assertThat(content.waitingSize()).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void statesAreListedWithTheirExpiry(Protocol protocol) {
		try (LocalRuntime runtime = start(protocol)) {
			handle(runtime, "seen");
			handle(runtime, "timer");
			List<InstanceState> states = runtime.operations().states(JOE);
			assertThat(states).extracting(InstanceState::name).containsExactly("count", "seen");
			assertThat(states.get(0).value()).isEmpty();
			assertThat(states.get(0).typename()).isEqualTo("io.statefun.types/int");
			assertThat(states.get(0).declared()).isTrue();
			assertThat(states.get(1).value()).contains(Values.flag(true));
			assertThat(states.get(1).expires()).contains(NOON.plusSeconds(10));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void stateIsSetIfItHasTheExpectedValue(Protocol protocol) {
		try (LocalRuntime runtime = start(protocol)) {
			LocalRuntimeOperations operations = runtime.operations();
			operations.setState(JOE, "count", Optional.empty(), 1);
			Any one = runtime.state(JOE, "count").orElseThrow();
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> operations.setState(JOE, "count", Optional.empty(), 2))
				.withMessage("State 'count' of 'test/worker/joe' has another value; expected none. Look at it again");
			operations.setState(JOE, "count", Optional.of(one), Values.integer(41));
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> operations.setState(JOE, "count", Optional.of(one), 2));
			handle(runtime, "count");
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(42);
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> operations.removeState(JOE, "count", one));
			operations.removeState(JOE, "count", runtime.state(JOE, "count").orElseThrow());
			assertThat(runtime.state(JOE, "count")).isEmpty();
			assertThat(operations.instances(TYPE, null, 1).instances()).isEmpty();
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> operations.removeState(JOE, "count", one))
				.withMessageContaining("has no value; expected the value that was seen");
		}
	}

	@Test
	void stateOfABusyInstanceIsNotChanged() {
		try (LocalRuntime runtime = start()) {
			runtime.setState(JOE, "count", 1);
			Any one = runtime.state(JOE, "count").orElseThrow();
			runtime.send(JOE, "count");
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> runtime.operations().setState(JOE, "count", Optional.of(one), 5))
				.withMessageContaining("can't be changed while messages are waiting for it");
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> runtime.operations().removeState(JOE, "count", one));
			assertThatExceptionOfType(StateConflictException.class).isThrownBy(() -> runtime.setState(JOE, "count", 5));
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
		}
	}

	@Test
	void bytesThatTheStateCannotBeReadFromAreRefused() {
		try (LocalRuntime runtime = start()) {
			Any broken = Values.integer(1).toBuilder().setValue(ByteString.copyFromUtf8("no integer")).build();
			assertThatIllegalArgumentException()
				.isThrownBy(() -> runtime.operations().setState(JOE, "count", Optional.empty(), broken))
				.withMessageContaining("can't be decoded");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> runtime.operations().setState(JOE, "count", Optional.empty(), "text"));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> runtime.operations().setState(JOE, "none", Optional.empty(), 1));
		}
	}

	@Test
	void timersComeInPagesInTheOrderOfDelivery() {
		try (LocalRuntime runtime = start()) {
			for (int i = 0; i < 5; i++) {
				handle(runtime, "later");
				handle(runtime, "token " + i);
				runtime.send(Address.of(TYPE, "ann"), "later");
				runtime.runUntilIdle();
			}
			List<PendingTimer> all = new ArrayList<>();
			TimerPage page;
			do {
				page = runtime.operations().timers(all.isEmpty() ? null : all.get(all.size() - 1).position(), 4);
				assertThat(page.total()).isEqualTo(15);
				all.addAll(page.timers());
			}
			while (page.more());
			assertThat(all).hasSize(15).doesNotHaveDuplicates();
			assertThat(all).extracting(PendingTimer::due).isSorted();
			assertThat(runtime.operations().functions()).extracting(FunctionLoad::delayed).containsExactly(15, 0);
			assertThat(runtime.operations().timers(JOE::equals, null, 100).timers()).hasSize(10)
				.isEqualTo(all.stream().filter((timer) -> timer.target().equals(JOE)).toList());
			assertThat(runtime.operations().timers(JOE::equals, all.get(14).position(), 100).timers()).isEmpty();
			PendingTimer last = all.get(14);
			assertThat(last).isEqualTo(new PendingTimer(last.id(), NOON.plus(Duration.ofHours(1)), JOE, JOE,
					Values.text("due"), Headers.empty(), Optional.of("token 4"), Optional.empty(), false));
			assertThat(runtime.operations().timer(last.id())).contains(last);
			assertThat(runtime.operations().timer(0)).isEmpty();
		}
	}

	@Test
	void firedMessageIsDeliveredNowAndOnce() {
		FlowRecorder recorder = new FlowRecorder();
		try (LocalRuntime runtime = start()) {
			runtime.addListener(recorder);
			handle(runtime, "token t");
			PendingTimer timer = runtime.operations().timers(null, 1).timers().get(0);
			assertThat(runtime.operations().fire(timer.id())).isTrue();
			assertThat(runtime.operations().fire(timer.id())).isFalse();
			assertThat(recorder.of(FiredMessage.class))
				.containsExactly(new FiredMessage(timer.id(), JOE, Optional.empty(), timer.due(), NOON));
			assertThat(runtime.operations().mailbox(JOE, 1).inFlight()).singleElement()
				.extracting(QueuedMessage::id)
				.isEqualTo(timer.id());
			runtime.runUntilIdle();
			assertThat(runtime.pendingDelayedMessages()).isZero();
			// The token is free again
			handle(runtime, "token t");
			assertThat(runtime.pendingDelayedMessages()).isOne();
			runtime.advance(Duration.ofHours(2));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(2);
		}
	}

	@Test
	void cancelledMessageIsNotDelivered() {
		FlowRecorder recorder = new FlowRecorder();
		try (LocalRuntime runtime = start()) {
			runtime.addListener(recorder);
			handle(runtime, "token t");
			long id = runtime.operations().timers(null, 1).timers().get(0).id();
			assertThat(runtime.operations().cancel(id)).isTrue();
			assertThat(runtime.operations().cancel(id)).isFalse();
			assertThat(recorder.of(CancelledMessage.class))
				.containsExactly(new CancelledMessage(id, JOE, Optional.empty(), MessageCause.outside(), NOON));
			handle(runtime, "token t");
			runtime.advance(Duration.ofHours(2));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void namedTimerFiresBeforeItsTime(Protocol protocol) {
		try (LocalRuntime runtime = start(protocol)) {
			handle(runtime, "timer");
			PendingTimer timer = runtime.operations().timers(null, 1).timers().get(0);
			assertThat(timer.timer()).contains("remind");
			assertThat(timer.token()).isEmpty();
			assertThat(timer.message()).isEqualTo(Values.text("due"));
			assertThat(timer.replaced()).isFalse();
			assertThat(runtime.operations().fire(timer.id())).isTrue();
			assertThat(runtime.operations().mailbox(JOE, 1).inFlight()).singleElement()
				.satisfies((message) -> assertThat(message.timer()).contains("remind"));
			runtime.runUntilIdle();
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
			assertThat(runtime.pendingTimers(JOE)).isEmpty();
			runtime.advance(Duration.ofHours(2));
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void cancelledTimerIsNoLongerPendingForItsFunction(Protocol protocol) {
		try (LocalRuntime runtime = start(protocol)) {
			handle(runtime, "timer");
			handle(runtime, "second timer");
			long first = timerNamed(runtime, "remind").id();
			assertThat(runtime.operations().cancel(first)).isTrue();
			assertThat(runtime.pendingTimers(JOE)).containsOnlyKeys("second");
			handle(runtime, "pending");
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(1);
			assertThat(runtime.operations().cancel(timerNamed(runtime, "second").id())).isTrue();
			handle(runtime, "pending");
			assertThat(runtime.state(JOE, "count", Integer.class)).contains(0);
			assertThat(runtime.pendingDelayedMessages()).isZero();
			handle(runtime, "timer");
			assertThat(runtime.pendingTimers(JOE)).containsOnlyKeys("remind");
		}
	}

	private static PendingTimer timerNamed(LocalRuntime runtime, String name) {
		return runtime.operations()
			.timers(null, 100)
			.timers()
			.stream()
			.filter((timer) -> timer.timer().equals(Optional.of(name)) && !timer.replaced())
			.findFirst()
			.orElseThrow();
	}

	@Test
	void timerOfABusyInstanceIsNotCancelled() {
		try (LocalRuntime runtime = start()) {
			handle(runtime, "timer");
			PendingTimer timer = timerNamed(runtime, "remind");
			runtime.send(JOE, "timer");
			assertThatExceptionOfType(StateConflictException.class)
				.isThrownBy(() -> runtime.operations().cancel(timer.id()))
				.withMessageContaining("Timer 'remind' of 'test/worker/joe' can't be cancelled while messages");
			assertThat(runtime.operations().timer(timer.id())).isPresent();
		}
	}

	@Test
	void replacedTimerStaysOn2xAndMayBeCancelled() {
		try (LocalRuntime runtime = start(Protocol.V2)) {
			handle(runtime, "timer");
			handle(runtime, "timer");
			List<PendingTimer> timers = runtime.operations().timers(null, 10).timers();
			assertThat(timers).extracting(PendingTimer::replaced).containsExactly(true, false);
			assertThat(runtime.operations().cancel(timers.get(0).id())).isTrue();
			assertThat(runtime.pendingTimers(JOE)).containsOnlyKeys("remind");
		}
	}

	@Test
	void manualClockHasNoLead() {
		try (LocalRuntime runtime = start()) {
			runtime.advance(Duration.ofHours(1));
			assertThat(runtime.operations().clock()).isEqualTo(new LocalRuntimeOperations.RuntimeClock(ClockKind.MANUAL,
					NOON.plus(Duration.ofHours(1)), Duration.ZERO));
		}
	}

	@Test
	void closedRuntimeRefusesChanges() {
		LocalRuntime runtime = start();
		handle(runtime, "token t");
		long id = runtime.operations().timers(null, 1).timers().get(0).id();
		runtime.close();
		IntStream.range(0, 2)
			.forEach((i) -> assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> change(runtime, id, i))
				.withMessage("The local runtime is closed"));
		assertThat(runtime.operations().timers(null, 1).total()).isOne();
	}

	private static @Nullable Object change(LocalRuntime runtime, long id, int way) {
		return (way == 0) ? runtime.operations().fire(id) : runtime.operations().cancel(id);
	}

	/**
	 * Does as it is asked.
	 */
	static final class Worker {

		@Handler
		void on(String text, @Persisted("count") PersistedValue<Integer> count,
				@Persisted(value = "seen", expireAfterWrite = "10s") PersistedValue<Boolean> seen, Context context,
				Timers timers) {
			if (text.startsWith("token ")) {
				context.sendAfter(Duration.ofHours(1), context.self(), "due", CancellationToken.of(text));
				return;
			}
			switch (text) {
				case "seen" -> seen.set(true);
				case "later" -> context.sendAfter(Duration.ofSeconds(1), context.self(), "due");
				case "timer" -> timers.start("remind", Duration.ofHours(1), "due");
				case "second timer" -> timers.start("second", Duration.ofHours(1), "due");
				case "pending" -> count.set(timers.pending().size());
				case "fail" -> throw new IllegalStateException("made to fail");
				default -> count.set(count.get().orElse(0) + 1);
			}
		}

	}

	/**
	 * Does nothing.
	 */
	static final class Plain {

		@Handler
		void on(String text) {
		}

	}

}
