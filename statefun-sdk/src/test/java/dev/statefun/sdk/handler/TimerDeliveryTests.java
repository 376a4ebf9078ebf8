package dev.statefun.sdk.handler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.Timers;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.listener.TimerOutcome;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.sdk.testing.FunctionInstance;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the messages of {@link Timers} that reach handlers, whatever a cluster
 * delivers.
 */
@Timeout(120)
class TimerDeliveryTests {

	private static final String STATE = "statefun_timers";

	private static final Duration SECOND = Duration.ofSeconds(1);

	/** A message that starts a timer; any other text was sent by a timer. */
	private static final String START = "start";

	private final List<String> fired = new ArrayList<>();

	static List<Arguments> deliveries() {
		List<Arguments> arguments = new ArrayList<>();
		for (Dialect dialect : Dialect.values()) {
			for (Declaration declaration : Declaration.values()) {
				for (int batchSize : List.of(1, 50)) {
					for (int deliveries : List.of(1, 3)) {
						arguments.add(Arguments.of(dialect, declaration, batchSize, deliveries));
					}
				}
			}
		}
		return arguments;
	}

	@ParameterizedTest
	@MethodSource("deliveries")
	void timerThatIsRestartedAThousandTimesFiresOnce(Dialect dialect, Declaration declaration, int batchSize,
			int deliveries) {
		FunctionInstance instance = declaration.instance(dialect, this.fired::add)
			.batchSize(batchSize)
			.deliveries(deliveries);
		for (int i = 0; i < 1000; i++) {
			instance.arrive(Values.text(START));
			if (i % batchSize == batchSize - 1) {
				instance.handle();
				instance.advance(999);
			}
		}
		instance.handle();
		assertThat(this.fired).isEmpty();
		// A timer that was replaced stays in a 2.x cluster until it is due
		assertThat(instance.delayed()).isBetween(1, (dialect == Dialect.V3) ? 1 : 2);
		instance.advance(1000).handle();
		instance.advance(10_000).handle();
		assertThat(Set.copyOf(this.fired)).containsExactly("fired");
		assertThat(this.fired).hasSize(deliveries);
		assertThat(instance.state(STATE)).isEmpty();
		assertThat(instance.delayed()).isZero();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timerInTheBacklogCanStillBeCancelledAndReplaced(Dialect dialect) {
		FunctionInstance instance = Declaration.HANDLER.instance(dialect, this.fired::add);
		instance.arrive(Values.text(START)).handle();
		// The timer has fired and waits behind a message that starts it again
		instance.arrive(Values.text(START)).advance(1000).handle();
		assertThat(this.fired).isEmpty();
		instance.arrive(Values.text("cancel")).advance(1000).handle();
		assertThat(this.fired).isEmpty();
		assertThat(instance.state(STATE)).isEmpty();
		instance.arrive(Values.text(START)).handle();
		instance.advance(1000).arrive(Values.text("cancel")).handle();
		assertThat(this.fired).containsExactly("fired");
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timerThatStartsItselfAgainFiresPeriodically(Dialect dialect) {
		FunctionInstance instance = instance(dialect, (context, message) -> {
			this.fired.add("tick");
			Timers.of(context).start("tick", SECOND, message);
		});
		instance.arrive(Values.text("tick")).handle();
		for (int i = 0; i < 10; i++) {
			instance.advance(1000).handle();
		}
		assertThat(this.fired).hasSize(11);
		assertThat(instance.delayed()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void handlersSeeExactlyTheTimersThatAModelExpects(Dialect dialect) {
		for (long seed = 0; seed < 100; seed++) {
			new RandomTimers(dialect, seed).run();
		}
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void timersOfParallelStagesAreAllStarted(Dialect dialect) {
		int timers = 20;
		ExecutorService others = Executors.newFixedThreadPool(4);
		try {
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(Cluster.FUNCTION, new Parallel(others, timers))
				.build();
			for (int i = 0; i < 500; i++) {
				FunctionInstance instance = new FunctionInstance(dialect, new RequestReplyHandler(functions),
						List.of(STATE));
				ClusterReply reply = instance.arrive(Values.integer(1)).handle();
				assertThat(reply.delayed()).filteredOn((delayed) -> !delayed.cancellation()).hasSize(timers);
				assertThat(instance.arrive(Values.text("cancel")).handle().stateChanges()).hasSize(1);
				assertThat(instance.state(STATE)).isEmpty();
			}
		}
		finally {
			others.shutdownNow();
		}
	}

	@Test
	void timersOfAThreadThatIsTooLateAreRefused() {
		ExecutorService others = Executors.newSingleThreadExecutor();
		try {
			for (int i = 0; i < 200; i++) {
				List<CompletableFuture<Integer>> late = new ArrayList<>();
				FunctionInstance instance = instance(Dialect.V3, (context, message) -> late
					.add(CompletableFuture.supplyAsync(() -> startMany(context), others)));
				ClusterReply reply = instance.arrive(Values.text("a")).handle();
				int accepted = late.get(0).join();
				assertThat(reply.delayed()).filteredOn((delayed) -> !delayed.cancellation()).hasSize(accepted);
			}
		}
		finally {
			others.shutdownNow();
		}
	}

	// Starts timers until the invocation has ended; returns their number
	private static int startMany(Context context) {
		int accepted = 0;
		try {
			Timers timers = Timers.of(context);
			while (accepted < 1000) {
				timers.start("timer " + accepted, SECOND, Values.text("fired"));
				accepted++;
			}
		}
		catch (IllegalStateException ex) {
			assertThat(ex).hasMessageContaining("after its invocation had ended");
		}
		return accepted;
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void listenersReceiveTheNumberOfTimers(Dialect dialect) {
		Map<TimerOutcome, Integer> counted = new HashMap<>();
		List<Integer> messages = new ArrayList<>();
		StatefulFunctions functions = StatefulFunctions.builder()
			.register(Cluster.FUNCTION, new Annotated(this.fired::add))
			.build();
		RequestReplyHandler handler = RequestReplyHandler.builder(functions).listener((report) -> {
			report.forEachTimer((name, outcome) -> counted.merge(outcome, 1, Integer::sum));
			report.forEachInvocation((position, outcome, count) -> messages.add(count));
		}).build();
		FunctionInstance instance = new FunctionInstance(dialect, handler, List.of(STATE));
		instance.arrive(Values.text(START)).arrive(Values.text("cancel")).handle();
		assertThat(counted).as("changes that have no effect").isEmpty();
		instance.arrive(Values.text(START)).arrive(Values.text(START)).handle();
		assertThat(counted).isEqualTo(Map.of(TimerOutcome.STARTED, 1));
		instance.arrive(Values.text("cancel")).advance(1000).handle();
		assertThat(counted)
			.isEqualTo(Map.of(TimerOutcome.STARTED, 1, TimerOutcome.CANCELLED, 1, TimerOutcome.DROPPED, 1));
		instance.arrive(Values.text(START)).handle();
		instance.advance(1000).handle();
		assertThat(counted).isEqualTo(Map.of(TimerOutcome.STARTED, 2, TimerOutcome.CANCELLED, 1, TimerOutcome.DROPPED,
				1, TimerOutcome.FIRED, 1));
		// The message that was dropped was not handled
		assertThat(messages.stream().mapToInt(Integer::intValue).sum()).isEqualTo(7);
	}

	private static FunctionInstance instance(Dialect dialect, FunctionHandler function) {
		return new FunctionInstance(dialect, handler(function), List.of(STATE));
	}

	private static RequestReplyHandler handler(FunctionHandler function) {
		return new RequestReplyHandler(
				StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION).timers(), function).build());
	}

	private static void on(String text, Timers timers, Consumer<String> fired) {
		switch (text) {
			case START -> timers.start("remind", SECOND, "fired");
			case "cancel" -> timers.cancel("remind");
			default -> fired.accept(text);
		}
	}

	// All texts of these tests are shorter than 128 bytes
	private static String textOf(Any message) {
		return message.getValue().substring(2).toStringUtf8();
	}

	/**
	 * Forms of a function that starts the timer {@code remind}.
	 */
	enum Declaration {

		/** An annotated function with another state. */
		ANNOTATED,

		/** An annotated function without other states. */
		STATELESS,

		/** A {@link FunctionHandler}. */
		HANDLER;

		FunctionInstance instance(Dialect dialect, Consumer<String> fired) {
			return switch (this) {
				case ANNOTATED -> annotated(dialect, new WithState(fired), List.of("count", STATE));
				case STATELESS -> annotated(dialect, new Annotated(fired), List.of(STATE));
				case HANDLER -> TimerDeliveryTests.instance(dialect,
						(context, message) -> on(textOf(message), Timers.of(context), fired));
			};
		}

		private static FunctionInstance annotated(Dialect dialect, Object function, List<String> states) {
			StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, function).build();
			return new FunctionInstance(dialect, new RequestReplyHandler(functions), states);
		}

	}

	/**
	 * Function without states of its own.
	 */
	private static final class Annotated {

		private final Consumer<String> fired;

		Annotated(Consumer<String> fired) {
			this.fired = fired;
		}

		@Handler
		void on(String text, Timers timers) {
			TimerDeliveryTests.on(text, timers, this.fired);
		}

	}

	/**
	 * Function with a state.
	 */
	private static final class WithState {

		private final Consumer<String> fired;

		WithState(Consumer<String> fired) {
			this.fired = fired;
		}

		@Handler
		void on(@Persisted("count") PersistedValue<Integer> count, Timers timers, String text) {
			count.set(count.get().orElse(0) + 1);
			TimerDeliveryTests.on(text, timers, this.fired);
		}

	}

	/**
	 * Function that uses timers from several threads.
	 */
	private static final class Parallel {

		private final ExecutorService others;

		private final int timers;

		Parallel(ExecutorService others, int timers) {
			this.others = others;
			this.timers = timers;
		}

		@Handler
		CompletionStage<Void> start(int message, Timers timers) {
			return CompletableFuture.allOf(IntStream.range(0, this.timers)
				.mapToObj((i) -> CompletableFuture.runAsync(() -> timers.start("timer " + i, SECOND, "fired"),
						this.others))
				.toArray(CompletableFuture<?>[]::new));
		}

		@Handler
		void cancel(String message, Timers timers) {
			Stream<CompletableFuture<Void>> cancelled = timers.pending()
				.stream()
				.map((name) -> CompletableFuture.runAsync(() -> timers.cancel(name), this.others));
			CompletableFuture.allOf(cancelled.toArray(CompletableFuture<?>[]::new)).join();
		}

	}

	/**
	 * Random changes of a few timers, compared with a model that handles the same
	 * messages in the same order, and knows only the last start of each timer.
	 */
	private static final class RandomTimers {

		private static final List<String> NAMES = List.of("a", "b", "c");

		private final Random random;

		private final FunctionInstance instance;

		private final Map<String, Started> pending = new TreeMap<>();

		private final List<Integer> expected = new ArrayList<>();

		private final List<Integer> handled = new ArrayList<>();

		private long now;

		private int commands;

		RandomTimers(Dialect dialect, long seed) {
			this.random = new Random(seed);
			StatefulFunctions functions = StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION).timers(), this::handle)
				.build();
			RequestReplyHandler handler = RequestReplyHandler.builder(functions)
				.failurePolicy((failed) -> FailureAction.skip())
				.build();
			this.instance = new FunctionInstance(dialect, handler, List.of(STATE))
				.batchSize(1 + this.random.nextInt(5));
		}

		private void handle(Context context, Any message) {
			String[] words = message.getValue().toStringUtf8().split(" ");
			Timers timers = Timers.of(context);
			switch (words[0]) {
				case "fired" -> this.handled.add(Integer.parseInt(words[1]));
				case "cancel" -> timers.cancel(words[1]);
				default ->
					timers.start(words[1], Duration.ofMillis(Long.parseLong(words[2])), message("fired " + words[3]));
			}
			if (words[0].equals("fail")) {
				throw new IllegalStateException("rolled back");
			}
		}

		private static Any message(String text) {
			return Values.of("test/command", ByteString.copyFromUtf8(text));
		}

		void run() {
			for (int step = 0; step < 100; step++) {
				List<Runnable> model = new ArrayList<>();
				for (int i = this.random.nextInt(6); i > 0; i--) {
					model.add(arrive());
				}
				long millis = this.random.nextInt(30);
				this.now += millis;
				List<Map.Entry<String, Started>> due = this.pending.entrySet()
					.stream()
					.filter((timer) -> timer.getValue().due() <= this.now)
					.map((timer) -> Map.entry(timer.getKey(), timer.getValue()))
					.toList();
				// Timers that are due arrive behind the commands
				this.instance.advance(millis).handle();
				model.forEach(Runnable::run);
				due.forEach((timer) -> fire(timer.getKey(), timer.getValue()));
				assertThat(this.handled).containsExactlyInAnyOrderElementsOf(this.expected);
			}
			assertThat(this.expected).isNotEmpty();
		}

		// Lets a command arrive; returns what it means to the model
		private Runnable arrive() {
			String name = NAMES.get(this.random.nextInt(NAMES.size()));
			int number = ++this.commands;
			int delay = this.random.nextInt(50);
			String command = List.of("start", "start", "start", "fail", "cancel").get(this.random.nextInt(5));
			this.instance.arrive(message(command + " " + name + " " + delay + " " + number));
			return switch (command) {
				case "start" -> () -> this.pending.put(name, new Started(number, this.now + delay));
				case "cancel" -> () -> this.pending.remove(name);
				default -> () -> {
				};
			};
		}

		private void fire(String name, Started started) {
			if (this.pending.remove(name, started)) {
				this.expected.add(started.number());
			}
		}

		/**
		 * Last start of a timer.
		 *
		 * @param number number of the command
		 * @param due time at which it fires
		 */
		private record Started(int number, long due) {

		}

	}

}
