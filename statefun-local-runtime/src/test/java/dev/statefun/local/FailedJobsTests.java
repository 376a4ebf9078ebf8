package dev.statefun.local;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import dev.statefun.sdk.egress.EgressId;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec.ExpireMode;
import dev.statefun.testwire.v3.FromFunction.Invocation;
import dev.statefun.testwire.v3.FromFunction.InvocationResponse;
import dev.statefun.testwire.v3.FromFunction.PersistedValueMutation;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import dev.statefun.testwire.v3.TypedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for everything that fails the job of a 3.x cluster (protocol.md §12): it fails
 * here before anything of the reply is applied.
 */
class FailedJobsTests {

	private static final String INT = "io.statefun.types/int";

	private final ScriptedFunction function = new ScriptedFunction();

	@Test
	void messageToAnUnknownFunction() {
		assertJobFails((reply) -> reply.addOutgoingMessages(ScriptedFunction.message("test/other", "7", "hi")),
				"Function 'test/scripted' sent a message to function 'test/other', id '7', which no module binds; "
						+ "there are 'test/scripted'. Check the name, or serve the function");
	}

	@Test
	void messageToAnEmptyAddress() {
		assertJobFails((reply) -> reply.addOutgoingMessages(Invocation.getDefaultInstance()),
				"Function 'test/scripted' sent a message to function '/', id '', which no module binds; "
						+ "there are 'test/scripted'. Check the name, or serve the function");
	}

	@Test
	void delayedMessageToAnUnknownFunction() {
		assertJobFails(
				(reply) -> reply.addDelayedInvocations(ScriptedFunction.delayed(5, "test/Scripted", "7", "hi", "")),
				"Function 'test/scripted' sent a message to function 'test/Scripted', id '7', which no module binds; "
						+ "there are 'test/scripted'. Check the name, or serve the function");
	}

	@Test
	void negativeDelay() {
		assertJobFails(
				(reply) -> reply
					.addDelayedInvocations(ScriptedFunction.delayed(-1, ScriptedFunction.TYPE, "1", "hi", "")),
				"Function 'test/scripted' sent a message with a delay of -1 ms; expected zero or more");
	}

	@Test
	void cancellationWithoutToken() {
		assertJobFails((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("")),
				"Function 'test/scripted' cancelled a delayed message without saying which: its token is empty");
	}

	@Test
	void tokenUsedTwiceInOneReply() {
		assertJobFails((reply) -> {
			reply.addDelayedInvocations(ScriptedFunction.delayed(9, ScriptedFunction.TYPE, "1", "first", "t"));
			reply.addDelayedInvocations(ScriptedFunction.delayed(9, ScriptedFunction.TYPE, "1", "second", "t"));
		}, "Function 'test/scripted', id '1', sent a delayed message with the token 't', with which another one is "
				+ "pending. Functions of the same id share their tokens, whatever their types; cancel the other message "
				+ "first, or use a token of its own");
	}

	@Test
	void egressThatIsNotDeclared() {
		TypedValue record = ScriptedFunction.value("test/record", "x");
		this.function.answers((reply) -> reply.addOutgoingEgresses(ScriptedFunction.egress("test", "oout", record)));
		try (LocalRuntime runtime = this.function.host().egress(EgressId.parse("test/out"), EgressKind.ANY).start()) {
			assertFails(runtime,
					"Function 'test/scripted' sent a record to egress 'test/oout', which no module declares; "
							+ "there are [test/out]. Check the name, or declare the egress");
		}
	}

	@Test
	void egressWithoutName() {
		TypedValue record = ScriptedFunction.value("test/record", "x");
		assertJobFails((reply) -> reply.addOutgoingEgresses(ScriptedFunction.egress("", "", record)),
				"Function 'test/scripted' sent a record to egress '/', which no module declares; there are all with a "
						+ "valid name. Check the name, or declare the egress");
	}

	@ParameterizedTest
	@CsvSource({ "KAFKA,type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord",
			"KINESIS,type.googleapis.com/io.statefun.sdk.egress.KinesisEgressRecord",
			"PLAYGROUND,io.statefun.playground/EgressRecord" })
	void recordThatTheEgressDoesNotAccept(EgressKind kind, String expected) {
		TypedValue wrong = ScriptedFunction.value("test/record", "x");
		this.function.answers((reply) -> reply.addOutgoingEgresses(ScriptedFunction.egress("test", "out", wrong)));
		try (LocalRuntime runtime = this.function.host().egress(EgressId.parse("test/out"), kind).start()) {
			assertFails(runtime,
					"Function 'test/scripted' sent a record of the type 'test/record' to egress 'test/out'; "
							+ "expected " + expected);
		}
	}

	@Test
	void recordThatTheEgressAccepts() {
		TypedValue record = ScriptedFunction.value("type.googleapis.com/io.statefun.sdk.egress.KafkaProducerRecord",
				"");
		this.function.answers((reply) -> reply.addOutgoingEgresses(ScriptedFunction.egress("test", "out", record)));
		try (LocalRuntime runtime = this.function.host().egress(EgressId.parse("test/out"), EgressKind.KAFKA).start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			runtime.runUntilIdle();
			assertThat(runtime.egress()).hasSize(1);
		}
	}

	@Test
	void playgroundEgressOnlyAcceptsPlaygroundRecordsEvenIfDeclaredOtherwise() {
		TypedValue wrong = ScriptedFunction.value("test/record", "x");
		assertJobFails(
				(reply) -> reply
					.addOutgoingEgresses(ScriptedFunction.egress("io.statefun.playground", "egress", wrong)),
				"Function 'test/scripted' sent a record of the type 'test/record' to egress "
						+ "'io.statefun.playground/egress'; expected io.statefun.playground/EgressRecord");
	}

	@Test
	void changeOfAStateThatDoesNotExist() {
		assertJobFails(
				(reply) -> reply.addStateMutations(ScriptedFunction.modify("cuont", ScriptedFunction.value(INT, "x"))),
				"State 'cuont' of function 'test/scripted' was changed, but does not exist; known: none");
	}

	@Test
	void removalOfAStateThatDoesNotExist() {
		this.function.asksFor(ScriptedFunction.spec("count", INT));
		assertJobFails((reply) -> reply.addStateMutations(PersistedValueMutation.newBuilder().setStateName("cuont")),
				"State 'cuont' of function 'test/scripted' was changed, but does not exist; known: 'count'");
	}

	@Test
	void stateSetToAnotherType() {
		this.function.asksFor(ScriptedFunction.spec("count", INT));
		assertJobFails(
				(reply) -> reply.addStateMutations(
						ScriptedFunction.modify("count", ScriptedFunction.value("io.statefun.types/long", "x"))),
				"State 'count' of function 'test/scripted' was set to a value of the type 'io.statefun.types/long'; "
						+ "expected 'io.statefun.types/int'");
	}

	@Test
	void stateSetToNothing() {
		this.function.asksFor(ScriptedFunction.spec("count", INT));
		assertJobFails(
				(reply) -> reply.addStateMutations(PersistedValueMutation.newBuilder()
					.setStateName("count")
					.setMutationType(PersistedValueMutation.MutationType.MODIFY)),
				"State 'count' of function 'test/scripted' was set to a value of the type 'io.statefun.types/unset'; "
						+ "expected 'io.statefun.types/int'");
	}

	@Test
	void changeOfAnUnknownKind() {
		this.function.asksFor(ScriptedFunction.spec("count", INT));
		assertJobFails(
				(reply) -> reply.addStateMutations(
						PersistedValueMutation.newBuilder().setStateName("count").setMutationTypeValue(2)),
				"State 'count' of function 'test/scripted' was changed in an unknown way: 2");
	}

	@ParameterizedTest
	@CsvSource({ "int", "a/b/c", "int/" })
	void stateWhoseTypeHasNotExactlyOneSlash(String typename) {
		this.function.asksFor(ScriptedFunction.spec("count", typename));
		assertJobFails((reply) -> {
		}, "State 'count' of function 'test/scripted' has the type '" + typename
				+ "'; expected a name with exactly one '/'");
	}

	@ParameterizedTest
	@CsvSource({ "AFTER_WRITE,0", "AFTER_INVOKE,0", "AFTER_WRITE,-5" })
	void stateThatLivesForNoTime(ExpireMode mode, long millis) {
		this.function.asksFor(ScriptedFunction.spec("count", INT, mode, millis));
		assertJobFails((reply) -> {
		}, "State 'count' of function 'test/scripted' expires after " + millis + " ms; expected a positive time");
	}

	@ParameterizedTest
	@CsvSource({ "batch", "request-state" })
	void stateWithANameThatFlinkUses(String name) {
		this.function.asksFor(ScriptedFunction.spec(name, INT));
		assertJobFails((reply) -> {
		}, "State '" + name + "' of function 'test/scripted' has a name that Flink uses itself; choose another name");
	}

	@Test
	void stateThatChangesItsType() {
		this.function.asksFor(ScriptedFunction.spec("count", INT))
			.asksFor(ScriptedFunction.spec("count", "io.statefun.types/long"));
		assertJobFails((reply) -> {
		}, "State 'count' of function 'test/scripted' is declared with the type 'io.statefun.types/long', but is kept "
				+ "with the type 'io.statefun.types/int' already. Give the state another name, or start with empty "
				+ "states");
	}

	@Test
	void stateThatIsNamedTwiceWithTwoTypes() {
		PersistedValueSpec[] specs = { ScriptedFunction.spec("count", INT),
				ScriptedFunction.spec("count", "io.statefun.types/long") };
		this.function.asksFor(specs);
		assertJobFails((reply) -> {
		}, "State 'count' of function 'test/scripted' is declared with the type 'io.statefun.types/long', but is kept "
				+ "with the type 'io.statefun.types/int' already. Give the state another name, or start with empty "
				+ "states");
	}

	@Test
	void malformedReply() {
		this.function.answers(new byte[] { (byte) 0xa2, 0x06, 0x7f });
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
				.withMessageStartingWith(
						"The job of a cluster would fail: Function 'test/scripted' sent a reply that can't be read: ");
		}
	}

	@Test
	void failedJobStaysFailedUntilItIsRestarted() {
		this.function.answers((reply) -> reply.addDelayedInvocations(ScriptedFunction.cancel("")));
		try (LocalRuntime runtime = this.function.host().start()) {
			runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle);
			assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle);
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("more")));
			assertThatExceptionOfType(JobFailedException.class)
				.isThrownBy(() -> runtime.advance(Duration.ofSeconds(1)));
			runtime.restart();
			runtime.runUntilIdle();
			assertThat(this.function.batches()).containsExactly(List.of("go"), List.of("go"));
		}
	}

	@Test
	void messageFromOutsideToAnUnknownFunctionIsRefused() {
		try (LocalRuntime runtime = this.function.host().start()) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> runtime.send(dev.statefun.sdk.Address.of("test/other", "1"), "x"))
				.withMessage("There is no function 'test/other' here; there are 'test/scripted'");
		}
	}

	// Nothing else in the reply is applied
	private void assertJobFails(Consumer<InvocationResponse.Builder> fault, String message) {
		this.function.answers((reply) -> {
			reply.addOutgoingMessages(ScriptedFunction.message(ScriptedFunction.TYPE, "2", "never"));
			reply.addOutgoingEgresses(
					ScriptedFunction.egress("test", "out", ScriptedFunction.value("test/record", "never")));
			fault.accept(reply);
		});
		try (LocalRuntime runtime = this.function.host().start()) {
			assertFails(runtime, message);
			assertThat(runtime.egress()).isEmpty();
			assertThat(runtime.pendingDelayedMessages()).isZero();
		}
		assertThat(this.function.requests)
			.allSatisfy((request) -> assertThat(request.getTarget().getId()).isEqualTo(ScriptedFunction.ONE.id()));
	}

	private static void assertFails(LocalRuntime runtime, String message) {
		runtime.send(ScriptedFunction.ONE, ScriptedFunction.text("go"));
		assertThatExceptionOfType(JobFailedException.class).isThrownBy(runtime::runUntilIdle)
			.withMessage("The job of a cluster would fail: " + message);
	}

}
