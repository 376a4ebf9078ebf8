package dev.statefun.local;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.local.Effects.Invocation;
import dev.statefun.local.Effects.TimerCancelled;
import dev.statefun.local.Effects.TimerDropped;
import dev.statefun.local.Effects.TimerEvent;
import dev.statefun.local.Effects.TimerStarted;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Headers;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.sdk.registry.StatefulFunctions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for named timers, in both dialects.
 */
@Timeout(120)
class NamedTimersTests {

	private static final Address JOE = Address.of("test/timers", "joe");

	private static final List<Address> RACERS = IntStream.range(0, 100)
		.mapToObj((id) -> Address.of(JOE.type(), "racer-" + id))
		.toList();

	private final List<String> handled = new ArrayList<>();

	private final List<Effects> effects = new ArrayList<>();

	private final StatefulFunctions functions = StatefulFunctions.builder()
		.register(JOE.type().toString(), new Reminding(this.handled))
		.build();

	private LocalRuntime.Builder runtime(Protocol protocol) {
		return LocalRuntime.builder()
			.functions(this.functions, new RequestReplyHandler(this.functions)::handle)
			.protocol(protocol)
			.manualClock()
			.listener(new LocalRuntimeListener() {

				@Override
				public void replied(Effects reply) {
					NamedTimersTests.this.effects.add(reply);
				}

			});
	}

	private static void send(LocalRuntime runtime, String command) {
		runtime.send(JOE, command);
		runtime.runUntilIdle();
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void pendingTimersAreListedByName(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			assertThat(runtime.pendingTimers(JOE)).isEmpty();
			send(runtime, "start b 2000");
			send(runtime, "start a 1000");
			send(runtime, "start b 3000");
			assertThat(runtime.pendingTimers(JOE)).containsExactly(Map.entry("a", Instant.ofEpochMilli(1000)),
					Map.entry("b", Instant.ofEpochMilli(3000)));
			send(runtime, "cancel a");
			assertThat(runtime.pendingTimers(JOE)).containsOnlyKeys("b");
			runtime.advance(Duration.ofSeconds(3));
			assertThat(runtime.pendingTimers(JOE)).isEmpty();
			assertThat(this.handled).containsExactly("fired b 3000");
			assertThat(runtime.state(JOE, "statefun_timers")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void listenersSeeTimersByName(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).start()) {
			send(runtime, "start a 1000");
			send(runtime, "start a 2000");
			send(runtime, "start b 500");
			send(runtime, "cancel b");
			runtime.advance(Duration.ofSeconds(2));
		}
		Any fired = Any.newBuilder().setTypeUrl("test/fired").setValue(ByteString.copyFromUtf8("fired a 2000")).build();
		Headers headers = Headers.of("tenant", "acme");
		List<TimerEvent> events = this.effects.stream().flatMap((reply) -> reply.timers().stream()).toList();
		assertThat(events).contains(new TimerStarted("a", Duration.ofMillis(2000), fired, headers),
				new TimerCancelled("b"));
		assertThat(events).filteredOn(TimerDropped.class::isInstance).hasSize((protocol == Protocol.V2) ? 2 : 0);
		assertThat(this.effects.get(this.effects.size() - 1).invocations())
			.containsExactly(new Invocation(Optional.empty(), fired, headers, Optional.of("a")));
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void timersSurviveARestartAndLostReplies(Protocol protocol) {
		try (LocalRuntime runtime = runtime(protocol).deliverTwice().start()) {
			send(runtime, "start a 1000");
			runtime.checkpoint();
			send(runtime, "cancel a");
			runtime.restart();
			runtime.runUntilIdle();
			runtime.advance(Duration.ofSeconds(2));
			assertThat(this.handled).as("the cancellation is read again").isEmpty();
			send(runtime, "start a 1000");
			runtime.failOnce(JOE);
			runtime.advance(Duration.ofSeconds(2));
			// Once by the request whose reply is lost, and twice by the next attempt
			assertThat(this.handled).hasSize(3).containsOnly("fired a 1000");
			assertThat(runtime.pendingTimers(JOE)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "V2", "V3" })
	void timerThatWasReplacedOrCancelledIsNeverHandled(Protocol protocol) {
		Random random = new Random(23);
		RacingTimer racing = new RacingTimer();
		StatefulFunctions functions = StatefulFunctions.builder().register(JOE.type().toString(), racing).build();
		Map<TimerOutcome, Integer> outcomes = new EnumMap<>(TimerOutcome.class);
		RequestReplyHandler handler = RequestReplyHandler.builder(functions)
			.listener((report) -> report.forEachTimer((name, outcome) -> outcomes.merge(outcome, 1, Integer::sum)))
			.build();
		try (LocalRuntime runtime = LocalRuntime.builder()
			.functions(functions, handler::handle)
			.protocol(protocol)
			.manualClock()
			.start()) {
			for (int round = 0; round < 10_000 / RACERS.size(); round++) {
				sendAll(runtime, () -> "start " + (1 + random.nextInt(8)));
				// The replies to these messages are lost: all others wait behind them for
				// 4 ms
				RACERS.forEach(runtime::failOnce);
				sendAll(runtime, () -> "wait");
				runtime.advance(Duration.ofMillis(random.nextInt(8)));
				sendAll(runtime, () -> random.nextBoolean() ? "cancel" : "start 3");
				runtime.advance(Duration.ofMillis(30));
				RACERS.forEach((racer) -> assertThat(runtime.state(racer, "statefun_timers")).isEmpty());
			}
		}
		assertThat(racing.violations).isZero();
		assertThat(racing.fired).isGreaterThan(5_000);
		assertThat(outcomes.get(TimerOutcome.DROPPED)).isGreaterThan(1_000);
	}

	private static void sendAll(LocalRuntime runtime, Supplier<String> command) {
		RACERS.forEach((racer) -> runtime.send(racer, command.get()));
		runtime.runUntilIdle();
	}

	/**
	 * Function whose only timer must be the one that was started last.
	 */
	static final class RacingTimer {

		/** Number of the pending timer by id. */
		private final Map<String, Integer> pending = new HashMap<>();

		private int started;

		private int fired;

		private int violations;

		@Handler
		void on(String command, Timers timers, Context context) {
			String id = context.self().id();
			if (command.startsWith("start ")) {
				this.pending.put(id, ++this.started);
				timers.start("race", Duration.ofMillis(Long.parseLong(command.substring(6))), this.started);
			}
			else if (command.equals("cancel")) {
				this.pending.remove(id);
				timers.cancel("race");
			}
		}

		@Handler
		void fired(int number, Context context) {
			this.fired++;
			this.violations += this.pending.remove(context.self().id(), number) ? 0 : 1;
		}

	}

	/**
	 * Starts and cancels the timers that its messages name.
	 */
	static final class Reminding {

		private final List<String> handled;

		Reminding(List<String> handled) {
			this.handled = handled;
		}

		@Handler
		void on(String command, Timers timers, Context context) {
			String[] words = command.split(" ");
			switch (words[0]) {
				case "start" -> Timers.of(context.withHeaders(Headers.of("tenant", "acme")))
					.start(words[1], Duration.ofMillis(Long.parseLong(words[2])),
							Any.newBuilder()
								.setTypeUrl("test/fired")
								.setValue(ByteString.copyFromUtf8("fired " + words[1] + " " + words[2]))
								.build());
				case "cancel" -> timers.cancel(words[1]);
				default -> throw new IllegalArgumentException(command);
			}
		}

		@Handler
		void fired(Any message) {
			this.handled.add(message.getValue().toStringUtf8());
		}

	}

}
