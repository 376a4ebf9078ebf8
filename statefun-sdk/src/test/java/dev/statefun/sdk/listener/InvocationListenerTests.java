package dev.statefun.sdk.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
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
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.Delayed;
import dev.statefun.testing.ClusterReply.Egress;
import dev.statefun.testing.ClusterReply.Sent;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an {@link InvocationListener} learns which effects each message had.
 */
@Timeout(120)
class InvocationListenerTests {

	private static final int MESSAGES = 50;

	private static final String TIMERS = "statefun_timers";

	private final ExecutorService others = Executors.newFixedThreadPool(3);

	private final List<Reported> reports = new ArrayList<>();

	@AfterEach
	void stopOtherThreads() {
		this.others.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource
	void effectsOfEachMessageAreASliceOfTheReply(Dialect dialect) {
		for (long seed = 0; seed < 40; seed++) {
			this.reports.clear();
			Random random = new Random(seed);
			List<Plan> plans = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				plans.add(Plan.random(random, i, dialect));
			}
			ClusterReply reply = ClusterReply.of(dialect == Dialect.V3,
					Cluster.replyOf(handler(plans).handle(request(dialect, MESSAGES), this::report)));
			assertThat(this.reports).extracting(Reported::index)
				.containsExactlyElementsOf(plans.stream().map(Plan::index).toList());
			assertSlices(plans, reply);
			assertStates(plans);
			assertTimers(plans);
		}
	}

	private RequestReplyHandler handler(List<Plan> plans) {
		return RequestReplyHandler
			.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new Planned(plans)).build())
			.failurePolicy(
					(failed) -> actionFor(plans.get(Integer.parseInt(String.valueOf(failed.cause().getMessage())))))
			.build();
	}

	private static FailureAction actionFor(Plan plan) {
		return (plan.index() % 2 == 0) ? FailureAction.skip()
				: FailureAction.deadLetter(EgressId.parse("ops/letters"), plan.index());
	}

	private static byte[] request(Dialect dialect, int messages) {
		ClusterRequest request = Cluster.request().absentState("a").absentState("b").absentState(TIMERS);
		for (int i = 0; i < messages; i++) {
			request.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.integer(i));
		}
		return request.toByteArray(dialect == Dialect.V3);
	}

	private void assertSlices(List<Plan> plans, ClusterReply reply) {
		Iterator<Sent> sent = reply.sent().iterator();
		Iterator<Delayed> delayed = reply.delayed().iterator();
		Iterator<Egress> records = reply.records().iterator();
		for (Plan plan : plans) {
			Reported report = this.reports.get(plan.index());
			Any message = Values.integer(plan.index());
			assertThat(report.outcome()).isEqualTo(plan.outcome());
			assertThat(report.failure()).isEqualTo(plan.fails() ? "" + plan.index() : null);
			int effects = plan.fails() ? 0 : plan.effects();
			int tokens = plan.tokens() ? effects : 0;
			assertThat(report.counts()).containsEntry(MessageKind.SEND, effects)
				.containsEntry(MessageKind.REPLY, effects)
				.containsEntry(MessageKind.SEND_AFTER, effects + tokens)
				.containsEntry(MessageKind.CANCEL, tokens)
				.containsEntry(MessageKind.EGRESS, (plan.outcome() == InvocationOutcome.DEAD_LETTERED) ? 1 : effects);
			for (int i = 0; i < report.count(MessageKind.SEND) + report.count(MessageKind.REPLY); i++) {
				assertThat(sent.next().message()).isEqualTo(message);
			}
			for (int i = 0; i < report.count(MessageKind.SEND_AFTER) + report.count(MessageKind.CANCEL); i++) {
				Delayed next = delayed.next();
				assertThat(next.cancellation() ? next.token().replaceAll("-.*", "") : next.message())
					.isEqualTo(next.cancellation() ? "" + plan.index() : message);
			}
			for (int i = 0; i < report.count(MessageKind.EGRESS); i++) {
				assertThat(records.next().message()).isEqualTo(message);
			}
		}
		assertThat(sent).isExhausted();
		assertThat(records).isExhausted();
		// The rest belongs to timers
		delayed.forEachRemaining((rest) -> assertThat(rest.cancellation() ? rest.token() : rest.message().getTypeUrl())
			.startsWith(TimerFields.MESSAGE_TYPENAME));
	}

	private void assertStates(List<Plan> plans) {
		Any seven = Values.integer(7);
		Boolean last = null;
		for (Plan plan : plans) {
			Map<String, @Nullable Any> expected = new LinkedHashMap<>();
			if (!plan.fails() && plan.effects() > 0) {
				expected.put("a", Values.integer(plan.index()));
				if (last == null || last != plan.setsB()) {
					expected.put("b", plan.setsB() ? seven : null);
				}
				last = plan.setsB();
			}
			assertThat(this.reports.get(plan.index()).states()).isEqualTo(expected);
		}
	}

	private void assertTimers(List<Plan> plans) {
		Map<String, Integer> starters = new TreeMap<>();
		plans.stream().filter((plan) -> !plan.fails() && plan.effects() > 0).forEach((plan) -> {
			starters.remove(plan.cancelled());
			starters.put(plan.started(), plan.index());
		});
		Map<String, Integer> reported = new TreeMap<>();
		this.reports.forEach((report) -> report.timers().forEach((name, outcome) -> {
			assertThat(outcome).isEqualTo(TimerOutcome.STARTED);
			assertThat(reported.put(name, report.index())).isNull();
		}));
		assertThat(reported).isEqualTo(starters);
	}

	@Test
	void secondAttemptOfAnInterceptorReplacesTheFirst() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				context.send("test/sent", "1", message);
				context.sendEgress("test/out", message);
			}).build())
			.interceptor((invocation) -> {
				invocation.proceed();
				return invocation.proceed();
			})
			.build();
		byte[] request = Cluster.request(Values.integer(0)).message(Values.integer(1)).toV3().toByteArray();
		Cluster.replyOf(handler.handle(request, this::report));
		assertThat(this.reports).hasSize(2).allSatisfy((report) -> {
			assertThat(report.count(MessageKind.SEND)).isOne();
			assertThat(report.count(MessageKind.EGRESS)).isOne();
		});
	}

	@Test
	void cancelledTimerIsReportedWithTheMessageThatCancelledIt() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION).timers(),
						(context, message) -> Timers.of(context).cancel("t"))
				.build())
			.build();
		byte[] request = Cluster.request(Values.integer(0))
			.message(Values.integer(1))
			.state(TIMERS, Values.of("statefun/timers", ByteString.copyFrom(TimerFields.encodeNonces(Map.of("t", 1L)))))
			.toV3()
			.toByteArray();
		Cluster.replyOf(handler.handle(request, this::report));
		assertThat(this.reports).extracting(Reported::timers)
			.containsExactly(Map.of("t", TimerOutcome.CANCELLED), Map.of());
	}

	@Test
	void droppedMessagesOfTimersAreNotReported() {
		RequestReplyHandler handler = new RequestReplyHandler(StatefulFunctions.builder()
			.register(FunctionSpec.of(Cluster.FUNCTION).timers(), (context, message) -> context.reply("handled"))
			.build());
		byte[] timer = TimerFields.encodeMessage(Dialect.V3, "t", 1, Values.integer(1).getTypeUrlBytes().toByteArray(),
				Values.integer(1).getValue().toByteArray(), new byte[0]);
		byte[] request = Cluster.request()
			.messageFrom(Cluster.FUNCTION, Cluster.ID,
					Values.of(TimerFields.MESSAGE_TYPENAME, ByteString.copyFrom(timer)))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.integer(1))
			.absentState(TIMERS)
			.toV3()
			.toByteArray();
		Cluster.replyOf(handler.handle(request, this::report));
		assertThat(this.reports).singleElement().satisfies((report) -> {
			assertThat(report.index()).isOne();
			assertThat(report.count(MessageKind.REPLY)).isOne();
		});
	}

	@Test
	void failedBatchReportsNothingAndItsExceptionHasThePosition() {
		List<Plan> plans = List.of(new Plan(0, 2, Way.DIRECT, false, false, "t1", "t2"),
				new Plan(1, 2, Way.FAILING, false, false, "t1", "t2"));
		RequestReplyHandler handler = new RequestReplyHandler(
				StatefulFunctions.builder().register(Cluster.FUNCTION, new Planned(plans)).build());
		Throwable failure = Cluster.failureOf(handler.handle(request(Dialect.V3, 2), this::report));
		assertThat(failure).isInstanceOfSatisfying(InvocationFailedException.class,
				(failed) -> assertThat(failed.invocation()).hasValue(1));
		assertThat(this.reports).isEmpty();
	}

	@Test
	void requestThatLacksStatesReportsNothing() {
		RequestReplyHandler handler = handler(List.of());
		Cluster.replyOf(handler.handle(Cluster.request(Values.integer(0)).toV3().toByteArray(), this::report));
		assertThat(this.reports).isEmpty();
	}

	private void report(InvocationReport report) {
		Map<MessageKind, Integer> counts = new EnumMap<>(MessageKind.class);
		for (MessageKind kind : MessageKind.values()) {
			counts.put(kind, report.count(kind));
		}
		Map<String, @Nullable Any> states = new LinkedHashMap<>();
		report.forEachState(states::put);
		Map<String, TimerOutcome> timers = new LinkedHashMap<>();
		report.forEachTimer(timers::put);
		Throwable failure = report.failure();
		this.reports.add(new Reported(report.index(), report.outcome(), (failure != null) ? failure.getMessage() : null,
				counts, states, timers));
	}

	/**
	 * A report that outlives the callback.
	 */
	private record Reported(int index, InvocationOutcome outcome, @Nullable String failure,
			Map<MessageKind, Integer> counts, Map<String, @Nullable Any> states, Map<String, TimerOutcome> timers) {

		int count(MessageKind kind) {
			return this.counts.getOrDefault(kind, 0);
		}

	}

	/**
	 * Ways to have effects.
	 */
	private enum Way {

		DIRECT, OTHER_THREADS, STAGE, FAILING, FAILING_STAGE

	}

	/**
	 * What the function does with a message.
	 */
	private record Plan(int index, int effects, Way way, boolean tokens, boolean setsB, String started,
			String cancelled) {

		static Plan random(Random random, int index, Dialect dialect) {
			return new Plan(index, random.nextInt(4), Way.values()[random.nextInt(Way.values().length)],
					dialect == Dialect.V3 && random.nextBoolean(), random.nextBoolean(), "t" + random.nextInt(8),
					"t" + random.nextInt(8));
		}

		boolean fails() {
			return this.way == Way.FAILING || this.way == Way.FAILING_STAGE;
		}

		InvocationOutcome outcome() {
			if (!fails()) {
				return InvocationOutcome.HANDLED;
			}
			return (this.index % 2 == 0) ? InvocationOutcome.SKIPPED : InvocationOutcome.DEAD_LETTERED;
		}

	}

	/**
	 * Does what the plan of each message says.
	 */
	private final class Planned {

		private final List<Plan> plans;

		Planned(List<Plan> plans) {
			this.plans = plans;
		}

		@Handler
		@Nullable CompletionStage<Void> on(Integer message, Context context, @Persisted("a") PersistedValue<Integer> a,
				@Persisted("b") PersistedValue<Integer> b, Timers timers) {
			Plan plan = this.plans.get(message);
			List<Runnable> effects = new ArrayList<>();
			for (int i = 0; i < plan.effects(); i++) {
				String token = message + "-" + i;
				effects.add(() -> {
					act(context, plan, token);
					a.set(message);
					change(b, plan);
				});
			}
			CompletableFuture<Void> done = run(effects, plan.way());
			if (!effects.isEmpty()) {
				// The order of these two matters, unlike that of the others
				done = done.thenRun(() -> {
					timers.cancel(plan.cancelled());
					timers.start(plan.started(), Duration.ofHours(1), message);
				});
			}
			if (plan.fails()) {
				done = done.thenRun(() -> {
					throw new IllegalArgumentException("" + message);
				});
			}
			if (plan.way() == Way.STAGE || plan.way() == Way.FAILING_STAGE) {
				return done;
			}
			try {
				done.join();
			}
			catch (CompletionException ex) {
				throw (RuntimeException) ex.getCause();
			}
			return null;
		}

		private CompletableFuture<Void> run(List<Runnable> effects, Way way) {
			if (way == Way.DIRECT || way == Way.FAILING) {
				effects.forEach(Runnable::run);
				return CompletableFuture.completedFuture(null);
			}
			return CompletableFuture.allOf(effects.stream()
				.map((effect) -> CompletableFuture.runAsync(effect, InvocationListenerTests.this.others))
				.toArray(CompletableFuture<?>[]::new));
		}

		private static void act(Context context, Plan plan, String token) {
			int message = plan.index();
			context.send("test/sent", "1", message);
			context.reply(message);
			context.sendAfter(Duration.ofMillis(1), Address.of("test/delayed", "1"), message);
			if (plan.tokens()) {
				context.sendAfter(Duration.ofMillis(1), Address.of("test/delayed", "1"), message,
						CancellationToken.of(token));
				context.cancelDelayed(CancellationToken.of(token));
			}
			context.sendEgress("test/out", message);
		}

		private static void change(PersistedValue<Integer> state, Plan plan) {
			if (plan.setsB()) {
				state.set(7);
			}
			else {
				state.remove();
			}
		}

	}

}
