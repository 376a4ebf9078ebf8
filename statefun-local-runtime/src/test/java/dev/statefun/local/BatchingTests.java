package dev.statefun.local;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.ByteString;
import dev.statefun.local.Effects.Sent;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import dev.statefun.testwire.v3.FromFunction;
import dev.statefun.testwire.v3.ToFunction.Invocation;
import dev.statefun.testwire.v3.TypedValue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the batching and ordering of messages, and the order in which effects are
 * applied (protocol.md §3).
 */
class BatchingTests {

	private final ScriptedFunction function = new ScriptedFunction();

	@Test
	void firstMessageIsSentAloneAndWaitingMessagesTogether() {
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a", "b", "c", "d");
			assertThat(this.function.requests).isEmpty();
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("b", "c", "d"));
		}
	}

	@Test
	void requestsCanBeMadeSmaller() {
		try (LocalRuntime runtime = this.function.host().batchSize(2).start()) {
			send(runtime, "a", "b", "c", "d");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
		}
	}

	@Test
	void messageToItselfQueuesBehindWaitingMessages() {
		this.function.answers(
				(reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "1", "self")));
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a", "b");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("b", "self"));
		}
	}

	@Test
	void messagesOfOneSenderKeepTheirOrder() {
		this.function
			.answers((reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "first"))
				.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "second"))
				.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "third")));
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("first"),
					List.of("second", "third"));
		}
	}

	@Test
	void onlyMessagesFromAnIngressHaveNoCaller() {
		this.function
			.answers((reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "sent"))
				.addDelayedInvocations(ScriptedFunction.delayed(0, ScriptedFunction.TYPE, "2", "delayed", "")));
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			runtime.sendFrom(Address.of("else/where", "x"), ScriptedFunction.TWO,
					ScriptedFunction.text("from outside"));
			runtime.runUntilIdle();
			List<Invocation> invocations = this.function.requests.stream()
				.flatMap((request) -> request.getInvocationsList().stream())
				.toList();
			assertThat(invocations).extracting(Invocation::hasCaller).containsExactly(false, true, true, true);
			assertThat(invocations.get(1).getCaller()).isEqualTo(this.function.requests.get(0).getTarget());
			assertThat(invocations.get(2).getCaller()).isEqualTo(this.function.requests.get(0).getTarget());
			assertThat(invocations.get(3).getCaller().getNamespace()).isEqualTo("else");
		}
	}

	@Test
	void argumentIsPassedOnUnchanged() {
		TypedValue odd = TypedValue.newBuilder().setTypename("no slash").setHasValue(false).build();
		this.function.answers((reply) -> reply.addOutgoingMessages(
				ScriptedFunction.message(ScriptedFunction.TYPE, "2", "").toBuilder().setArgument(odd)));
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(this.function.requests.get(1).getInvocations(0).getArgument()).isEqualTo(odd);
			assertThat(this.function.requests.get(0).getInvocations(0).getArgument())
				.isEqualTo(ScriptedFunction.value("test/text", "a"));
		}
	}

	@Test
	void emptyIdsAreLegal() {
		this.function
			.answers((reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "", "x")));
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(this.function.requests.get(1).getTarget().getId()).isEmpty();
		}
	}

	@Test
	void emptyReplyAndReplyWithoutContentHaveNoEffects() {
		this.function.answers(new byte[0])
			.answers(FromFunction.getDefaultInstance())
			.answers(new byte[] { (byte) 0xa2, 0x06, 0 });
		try (LocalRuntime runtime = this.function.host().batchSize(1).start()) {
			send(runtime, "a", "b", "c");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).hasSize(3);
			assertThat(runtime.egress()).isEmpty();
		}
	}

	@Test
	void unknownFieldsOfAReplyAreSkipped() {
		byte[] known = ScriptedFunction.result(
				(reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "arrived")))
			.toByteArray();
		ByteString reply = ByteString.copyFrom(new byte[] { 0x08, 0x05, 0x12, 0x01, 0x00 })
			.concat(ByteString.copyFrom(known));
		this.function.answers(reply.toByteArray());
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("arrived"));
		}
	}

	@Test
	void lastKindOfAnswerWins() {
		byte[] result = ScriptedFunction.result(
				(reply) -> reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "arrived")))
			.toByteArray();
		byte[] missing = ScriptedFunction.missing(ScriptedFunction.spec("count", "test/count")).toByteArray();
		this.function.answers(ByteString.copyFrom(result).concat(ByteString.copyFrom(missing)).toByteArray())
			.answers(ByteString.copyFrom(missing).concat(ByteString.copyFrom(result)).toByteArray());
		try (LocalRuntime runtime = this.function.host().start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("a"), List.of("a"), List.of("arrived"));
		}
	}

	@Test
	void listenerReceivesTheEffectsOfEachReply() {
		ArrayList<Effects> reported = new ArrayList<>();
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"))
			.answers((reply) -> reply
				.addStateMutations(ScriptedFunction.modify("count", ScriptedFunction.value("test/count", "1")))
				.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "sent"))
				.addDelayedInvocations(ScriptedFunction.delayed(7, ScriptedFunction.TYPE, "2", "late", "t"))
				.addDelayedInvocations(ScriptedFunction.cancel("u"))
				.addOutgoingEgresses(
						ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/record", "r"))));
		try (LocalRuntime runtime = this.function.host().listener(addingTo(reported)).start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			Effects effects = reported.get(0);
			assertThat(effects.self()).isEqualTo(ScriptedFunction.ONE);
			assertThat(effects.messages())
				.containsExactly(new Sent(ScriptedFunction.TWO, ScriptedFunction.text("sent"), Headers.empty()));
			assertThat(effects.delayed()).singleElement().satisfies((late) -> {
				assertThat(late.delay()).hasMillis(7);
				assertThat(late.token()).contains("t");
			});
			assertThat(effects.cancelled()).containsExactly("u");
			assertThat(effects.egress()).isEqualTo(runtime.egress());
			assertThat(effects.states()).extracting(Effects.StateChange::name).containsExactly("count");
			assertThat(reported).hasSize(2);
		}
	}

	// In the order of protobuf's generated classes: one list after the other
	@Test
	void stateChangesAreTheLastEffectsOfOtherSdksToo() {
		ArrayList<Effects> reported = new ArrayList<>();
		this.function.asksFor(ScriptedFunction.spec("count", "test/count"))
			.answers((reply) -> reply
				.addStateMutations(ScriptedFunction.modify("count", ScriptedFunction.value("test/count", "1")))
				.addOutgoingEgresses(ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/record", "r")))
				.addDelayedInvocations(ScriptedFunction.cancel("u"))
				.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "sent")));
		try (LocalRuntime runtime = this.function.host().listener(addingTo(reported)).start()) {
			send(runtime, "a");
			runtime.runUntilIdle();
			assertThat(reported.get(0).all()).extracting((effect) -> (Object) effect.getClass())
				.containsExactly(Sent.class, Effects.Cancellation.class, EgressMessage.class,
						Effects.StateChange.class);
		}
	}

	private static void send(LocalRuntime runtime, String... texts) {
		for (String text : texts) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text(text));
		}
	}

	private static LocalRuntimeListener addingTo(List<Effects> effects) {
		return new LocalRuntimeListener() {

			@Override
			public void replied(Effects reply) {
				effects.add(reply);
			}

		};
	}

}
