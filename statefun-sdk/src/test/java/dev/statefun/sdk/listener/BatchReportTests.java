package dev.statefun.sdk.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import com.google.protobuf.Any;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Context;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.Handler;
import dev.statefun.sdk.Persisted;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.egress.EgressId;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.FunctionDescriptor;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.Values;
import dev.statefun.testwire.example.Count;
import dev.statefun.testwire.example.User;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the numbers of a {@link BatchReport}.
 */
class BatchReportTests {

	private final List<String> invocations = new ArrayList<>();

	private final List<String> messages = new ArrayList<>();

	private final List<String> states = new ArrayList<>();

	private final TreeMap<String, Integer> sizes = new TreeMap<>();

	@ParameterizedTest
	@EnumSource
	void reportHasHandlersTargetsStatesAndSizes(Dialect dialect) {
		byte[] request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.messageFrom("example/caller", "c-2", Values.user("b"))
			.messageFrom("example/third", "c-2", Values.user("c"))
			.message(Values.text("d"))
			.state("count", Values.count(4711))
			.toByteArray(dialect == Dialect.V3);
		byte[] reply = Cluster.replyOf(handler(null).handle(request));
		assertThat(this.invocations).containsExactlyInAnyOrder("3 x User HANDLED", "1 x * HANDLED");
		assertThat(this.messages).containsExactlyInAnyOrder("2 x REPLY to example/caller null",
				"1 x REPLY to example/third null", "3 x SEND to example/target null",
				"4 x EGRESS to null example/audit", "3 x SEND_AFTER to example/target null");
		int size = (dialect == Dialect.V2) ? Values.count(4711).getSerializedSize()
				: Values.count(4711).getSerializedSize() + 2;
		assertThat(this.states).containsExactly("count " + size);
		assertThat(this.sizes).containsEntry("request", request.length)
			.containsEntry("reply", reply.length)
			.containsEntry("invocations", 4);
	}

	@Test
	void messagesThatWereRolledBackAreNotReported() {
		FailurePolicy policy = (failed) -> failed.message().equals(Values.user("skip")) ? FailureAction.skip()
				: FailureAction.deadLetter(EgressId.parse("example/letters"), failed.message());
		byte[] request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("skip"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("letter"))
			.state("count", Values.count(1))
			.toV3()
			.toByteArray();
		Cluster.replyOf(handler(policy).handle(request));
		assertThat(this.invocations).containsExactlyInAnyOrder("1 x User HANDLED", "1 x User SKIPPED",
				"1 x User DEAD_LETTERED");
		assertThat(this.messages).containsExactlyInAnyOrder("1 x REPLY to example/caller null",
				"1 x SEND to example/target null", "1 x SEND_AFTER to example/target null",
				"1 x EGRESS to null example/audit", "1 x EGRESS to null example/letters");
	}

	@Test
	void manyMessagesThatWereRolledBackAreNotReported() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				for (int i = 0; i < 100; i++) {
					context.send(Address.of("example/f" + i % 10, "1"), message);
				}
				if (message.equals(Values.text("fail"))) {
					throw new IllegalArgumentException("taken back");
				}
			}).build())
			.failurePolicy((failed) -> FailureAction.skip())
			.listener((report) -> report
				.forEachMessage((kind, function, egress, count) -> this.messages.add(function + " " + count)))
			.build();
		byte[] request = Cluster.request()
			.message(Values.text("fail"))
			.message(Values.text("send"))
			.message(Values.text("fail"))
			.toV3()
			.toByteArray();
		Cluster.replyOf(handler.handle(request));
		assertThat(this.messages).hasSize(10).allSatisfy((message) -> assertThat(message).endsWith(" 10"));
	}

	@Test
	void retriedBatchReportsItsHandledMessagesAndNoSentOnes() {
		byte[] request = Cluster.request()
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("a"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("skip"))
			.messageFrom(Cluster.CALLER_TYPE, Cluster.CALLER_ID, Values.user("never reached"))
			.state("count", Values.count(1))
			.toV3()
			.toByteArray();
		Cluster.failureOf(handler(null).handle(request));
		assertThat(this.invocations).containsExactly("2 x User RETRIED");
		assertThat(this.messages).isEmpty();
		assertThat(this.sizes).containsEntry("reply", 0).containsEntry("invocations", 3);
	}

	@Test
	void messageIsCountedAlsoIfThePolicyFails() {
		Cluster.failureOf(handler((failed) -> {
			throw new IllegalStateException("the policy's own mistake");
		}).handle(Cluster.request(Values.user("skip")).state("count", Values.count(1)).toV3().toByteArray()));
		assertThat(this.invocations).containsExactly("1 x User RETRIED");
	}

	@Test
	void unhandledMessagesHaveNoHandler() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(Cluster.FUNCTION, new OnlyUsers()).build())
			.failurePolicy((failed) -> FailureAction.skip())
			.listener((report) -> report
				.forEachInvocation((position, outcome, count) -> this.invocations.add(position + " " + outcome)))
			.build();
		Cluster.replyOf(handler.handle(Cluster.request(Values.text("a")).toV3().toByteArray()));
		assertThat(this.invocations).containsExactly("-1 SKIPPED");
	}

	@Test
	void targetsBeyondTheSixtyFourthAreCountedTogether() {
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), (context, message) -> {
				for (int i = 0; i < 1000; i++) {
					context.send(Address.of("example/f" + i, "1"), message);
				}
			}).build())
			.listener((report) -> report.forEachMessage(
					(kind, function, egress, count) -> this.messages.add((function != null) ? "" : "other " + count)))
			.build();
		Cluster.replyOf(handler.handle(Cluster.request(Values.text("a")).toV3().toByteArray()));
		assertThat(this.messages).hasSize(65).contains("other 936");
	}

	private RequestReplyHandler handler(@Nullable FailurePolicy policy) {
		StatefulFunctions functions = StatefulFunctions.builder().register(Cluster.FUNCTION, new Busy()).build();
		List<FunctionDescriptor.HandlerDescriptor> handlers = functions.functions().get(0).handlers();
		RequestReplyHandler.Builder builder = RequestReplyHandler.builder(functions).listener((report) -> {
			report.forEachInvocation((handler, outcome, count) -> this.invocations
				.add(count + " x " + handlers.get(handler).typename().replaceAll(".*[./]", "") + " " + outcome));
			report.forEachMessage((kind, function, egress, count) -> this.messages
				.add(count + " x " + kind + " to " + function + " " + egress));
			report.forEachState((state, size) -> this.states.add(state + " " + size));
			this.sizes.put("request", report.requestSize());
			this.sizes.put("reply", report.replySize());
			this.sizes.put("invocations", report.invocations());
		});
		if (policy != null) {
			builder.failurePolicy(policy);
		}
		return builder.build();
	}

	/**
	 * Sends messages of every kind.
	 */
	static class Busy {

		@Handler
		User on(User user, Context context, @Persisted("count") PersistedValue<Count> count) {
			context.send(Address.of("example/target", user.getName()), user);
			context.sendAfter(Duration.ofSeconds(1), Address.of("example/target", user.getName()), user);
			context.sendEgress("example/audit", user);
			if (user.getName().equals("skip") || user.getName().equals("letter")) {
				throw new IllegalArgumentException(user.getName());
			}
			return user;
		}

		@Handler
		void others(Any other, Context context) {
			context.sendEgress("example/audit", other);
		}

	}

	/**
	 * Handles one type.
	 */
	static class OnlyUsers {

		@Handler
		void on(User user) {
		}

	}

}
