package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterRequest;
import dev.statefun.testing.Values;
import dev.statefun.testwire.v2.ToFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for bytes that were recorded from the released runtimes and SDKs (protocol.md
 * §2.4), and for the detection of the dialect from the bytes of a request (protocol.md
 * §2.1 to §2.3).
 */
class KnownBytesTests {

	// The vectors of protocol.md §2.4; all are for the function n/f with the id 1

	static final String A = "a206190a090a016e1201661a013112030a01731a0712050a03742f45";

	static final String B = "a206330a090a016e1201661a0131120e0a017312090a03742f43120208011a160a090a016e1201671a0132"
			+ "12090a03742f4512020801";

	static final String C = "a2062f0a090a016e1201661a01311a2212200a15696f2e737461746566756e2e74797065732f696e741001"
			+ "1a050d01000000";

	static final String D = "a2062d0a090a016e1201661a013112030a01731a1b12190a15696f2e737461746566756e2e74797065732f"
			+ "696e741001";

	static final String E = "a206480a090a016e1201661a0131121e0a017312190a15696f2e737461746566756e2e74797065732f696e"
			+ "7410011a1b12190a15696f2e737461746566756e2e74797065732f696e741001";

	static final String F = "a2060f0a090a016e1201661a01311a021200";

	private static final String NOTHING = "a20600";

	private static final String MISSING_STATE = "aa061c0a1a0a01731a15696f2e737461746566756e2e74797065732f696e74";

	private final List<String> seen = new ArrayList<>();

	// Answers a request with a function that has one raw state, and records the calls
	private String answer(String request, String stateType) {
		FunctionSpec spec = FunctionSpec.of("n/f").state(ValueSpec.of("s", Integer.class).typename(stateType));
		return answer(request, spec, (context, message) -> {
			Optional<Any> state = context.state("s").get();
			this.seen
				.add(state.map((value) -> value.getTypeUrl() + " " + hex(value.getValue().toByteArray())).toString());
			this.seen.add(context.self().toString());
			this.seen.add(context.caller().toString());
			record(message);
		});
	}

	private void record(Any message) {
		this.seen.add(message.getTypeUrl());
		this.seen.add(hex(message.getValue().toByteArray()));
	}

	private static String answer(String request, FunctionHandler function) {
		return answer(request, FunctionSpec.of("n/f"), function);
	}

	private static String answer(String request, FunctionSpec spec, FunctionHandler function) {
		return hex(Cluster.replyOf(handle(request, Protocol.AUTO, spec, function)));
	}

	private static CompletionStage<byte[]> handle(String request, Protocol protocol, FunctionSpec spec,
			FunctionHandler function) {
		StatefulFunctions functions = StatefulFunctions.builder().register(spec, function).build();
		return RequestReplyHandler.builder(functions).protocol(protocol).build().handle(bytes(request));
	}

	private static Dialect dialectOf(String hex) {
		return BatchRequest.decode(bytes(hex), null).dialect();
	}

	private static Dialect dialectOf(ToFunction.InvocationBatchRequest.Builder batch) {
		return BatchRequest.decode(bytes(batch), null).dialect();
	}

	private static ToFunction.InvocationBatchRequest.Builder batch() {
		return ClusterRequest.to("n/f", "1").toV2().getInvocation().toBuilder();
	}

	// An Any with unknown fields is what a TypedValue looks like to the 2.x classes
	private static ToFunction.Invocation argument(String hex) {
		return ToFunction.Invocation.newBuilder().setArgument(Values.parse(ByteString.fromHex(hex))).build();
	}

	private static ToFunction.PersistedValue state(String hex) {
		return ToFunction.PersistedValue.newBuilder().setStateName("s").setStateValue(ByteString.fromHex(hex)).build();
	}

	private static byte[] bytes(ToFunction.InvocationBatchRequest.Builder batch) {
		return ToFunction.newBuilder().setInvocation(batch).build().toByteArray();
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex);
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

	@Nested
	class Vectors {

		@Test
		void emptyMessageOf2xWithAnAbsentStateHasAnEmptyReply() {
			assertThat(answer(A, "t/C")).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).containsExactly("Optional.empty", "n/f/1", "Optional.empty", "t/E",
					"");
		}

		@Test
		void requestOf2xWithStateAndCallerIsDecoded() {
			assertThat(answer(B, "t/C")).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).containsExactly("Optional[t/C 0801]", "n/f/1", "Optional[n/g/2]",
					"t/E", "0801");
		}

		@Test
		void stateIsRequestedOnTheFirstRequestOf3x() {
			assertThat(answer(C, "io.statefun.types/int")).isEqualTo(MISSING_STATE);
			assertThat(KnownBytesTests.this.seen).isEmpty();
		}

		@Test
		void firstRequestOf3xIsHandledByAFunctionWithoutStates() {
			assertThat(answer(C, (context, message) -> record(message))).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).containsExactly("io.statefun.types/int", "0d01000000");
		}

		@Test
		void requestOf3xWithAnAbsentStateIsHandled() {
			assertThat(answer(D, "io.statefun.types/int")).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).containsExactly("Optional.empty", "n/f/1", "Optional.empty",
					"io.statefun.types/int", "");
		}

		@Test
		void stateOf3xWithoutBytesIsPresent() {
			assertThat(answer(E, "io.statefun.types/int")).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).startsWith("Optional[io.statefun.types/int ]");
		}

		@Test
		void emptyArgumentIsAnUntypedMessageOf2x() {
			assertThat(answer(F, (context, message) -> record(message))).isEqualTo(NOTHING);
			assertThat(KnownBytesTests.this.seen).containsExactly("", "");
		}

		@Test
		void deletingA3xStateSendsItsNameOnly() {
			assertThat(answerTyped(D, (state) -> state.remove())).isEqualTo("a206050a03120173");
		}

		@Test
		void writingA3xStateSendsItsTypeAndValue() {
			assertThat(answerTyped(D, (state) -> state.set(2)))
				.isEqualTo("a206290a2708011201731a200a15696f2e737461746566756e2e74797065732f696e7410011a050d02000000");
		}

		@Test
		void cancellingOn3xSendsTheTokenOnly() {
			assertThat(answer(C, (context, message) -> context.cancelDelayed(CancellationToken.of("k"))))
				.isEqualTo("a206071a0550015a016b");
		}

		private String answerTyped(String request, Consumer<PersistedValue<Integer>> effect) {
			FunctionSpec spec = FunctionSpec.of("n/f").state("s", Integer.class);
			return answer(request, spec, (context, message) -> effect.accept(context.state("s", Integer.class)));
		}

	}

	@Nested
	class Evidence {

		@Test
		void dialectsOfTheVectorsAreDetected() {
			assertThat(List.of(A, B, F)).allSatisfy((hex) -> assertThat(dialectOf(hex)).isEqualTo(Dialect.V2));
			assertThat(List.of(C, D, E)).allSatisfy((hex) -> assertThat(dialectOf(hex)).isEqualTo(Dialect.V3));
		}

		@Test
		void valueInField2Means2x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f4512020801")))).isEqualTo(Dialect.V2);
		}

		@Test
		void valueOfNoBytesInField2StillMeans2x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f451200")))).isEqualTo(Dialect.V2);
		}

		@Test
		void hasValueMeans3x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f451001")))).isEqualTo(Dialect.V3);
		}

		@Test
		void hasValueThatIsExplicitlyFalseMeans3x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f451000")))).isEqualTo(Dialect.V3);
		}

		@Test
		void valueInField3Means3x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f451a020801")))).isEqualTo(Dialect.V3);
		}

		@Test
		void oneEvidentMessageDecidesForTheWholeBatch() {
			ToFunction.InvocationBatchRequest.Builder batch = batch().addInvocations(argument("0a03742f45"))
				.addInvocations(argument("0a03742f451001"))
				.addInvocations(argument(""));
			assertThat(dialectOf(batch)).isEqualTo(Dialect.V3);
		}

		@Test
		void requestsWithoutEvidenceAreOf2x() {
			assertThat(dialectOf(batch().addInvocations(argument("0a03742f45")))).isEqualTo(Dialect.V2);
		}

		@Test
		void ambiguousRequestAfterOneOf3xIsTreatedAs2x() {
			RequestReplyHandler handler = new RequestReplyHandler(StatefulFunctions.builder()
				.register(FunctionSpec.of("n/f").state("s", Integer.class),
						(context, message) -> context.state("s", Integer.class).set(1))
				.build());
			assertThat(hex(Cluster.replyOf(handler.handle(bytes(D))))).startsWith("a20629");
			// On 2.x the state is an Any: field 2 has the wire type of bytes
			assertThat(hex(Cluster.replyOf(handler.handle(bytes(A)))))
				.isEqualTo("a206270a2508011201731a1e0a15696f2e737461746566756e2e74797065732f696e7412050d01000000");
		}

		@Test
		void statesAreOnlyUsedAsEvidenceIfNoMessageIsEvident() {
			// A 2.x state that looks like a TypedValue is ignored next to an evident
			// message
			ToFunction.InvocationBatchRequest.Builder batch = batch().addState(state("0a03742f431001"))
				.addInvocations(argument("0a03742f4512020801"));
			assertThat(dialectOf(batch)).isEqualTo(Dialect.V2);
		}

		@Test
		void stateWithHasValueIsEvidenceOf3xWithoutEvidentMessages() {
			ToFunction.InvocationBatchRequest.Builder batch = batch().addState(state("0a03742f431001"))
				.addInvocations(argument("0a03742f45"));
			assertThat(dialectOf(batch)).isEqualTo(Dialect.V3);
		}

		@Test
		void stateThatIsAnAnyIsEvidenceOf2xWithoutEvidentMessages() {
			ToFunction.InvocationBatchRequest.Builder batch = batch().addState(state("0a03742f43120101"))
				.addInvocations(argument("0a03742f45"));
			assertThat(dialectOf(batch)).isEqualTo(Dialect.V2);
		}

		@ParameterizedTest
		@ValueSource(strings = { "ff", "00", "0a", "0aff", "1001", "10011a00", "0a03742f431001ff", "0a03742f4310011000",
				"0a03742f4310011200", "0a03742f431002", "0a03742f4310012001", "0a01ff1001", "7b226e223a317d",
				"0a036162631001", "0a05612f622f631001" })
		void stateBytesThatAreNoTypedValueAreNoEvidence(String stateBytes) {
			// States are opaque to a 2.x cluster: JSON, or a bare message {1: "abc",
			// 2: true}; a state of 3.x has a type with exactly one slash
			ToFunction.InvocationBatchRequest.Builder batch = batch().addState(state(stateBytes))
				.addInvocations(argument("0a03742f45"));
			assertThat(dialectOf(batch)).isEqualTo(Dialect.V2);
		}

		@Test
		void stateBytesThatAreNoProtobufDoNotAffectFunctionsThatDoNotReadThem() {
			byte[] request = bytes(batch().addState(state("ff")).addInvocations(argument("0a03742f45")));
			assertThat(answer(hex(request), (context, message) -> record(message))).isEqualTo(NOTHING);
			assertThat(answer(hex(request), FunctionSpec.of("n/f").state("s", Any.class),
					(context, message) -> record(message)))
				.isEqualTo(NOTHING);
		}

		@Test
		void stateBytesThatAreNoProtobufCanBeReplacedOn2x() {
			byte[] request = bytes(batch().addState(state("ff")).addInvocations(argument("0a03742f45")));
			assertThat(answer(hex(request), FunctionSpec.of("n/f").state("s", Any.class),
					(context, message) -> context.state("s").set(message)))
				.isEqualTo("a2060e0a0c08011201731a050a03742f45");
		}

		@Test
		void stateBytesThatAreNoProtobufFailTheReadOn2x() {
			byte[] request = bytes(batch().addState(state("ff")).addInvocations(argument("0a03742f45")));
			assertThat(Cluster.failureOf(handle(hex(request), Protocol.AUTO,
					FunctionSpec.of("n/f").state("s", Any.class), (context, message) -> context.state("s").get())))
				.isInstanceOf(InvocationFailedException.class)
				.hasMessageContaining("State 's' of function 'n/f' can't be read");
		}

	}

	@Nested
	class Contradictions {

		@Test
		void messagesOfBothDialectsInOneBatchAreRefused() {
			assertRefused(
					batch().addInvocations(argument("0a03742f4512020801")).addInvocations(argument("0a03742f451001")),
					"partly in the dialect of StateFun 2.x");
		}

		@Test
		void partsOfBothDialectsInOneMessageAreRefused() {
			// The states after a reply in the wrong dialect (protocol.md §2.3)
			assertRefused(batch().addInvocations(argument("0a03742f45120208011001")),
					"partly in the dialect of StateFun 2.x");
		}

		@Test
		void stateOf2xNextToAMessageOf3xIsRefused() {
			assertRefused(batch().addState(state("0a03742f43120101")).addInvocations(argument("0a03742f451001")),
					"a state in the dialect of StateFun 2.x");
		}

		@Test
		void statesOfBothDialectsAreRefusedWithoutEvidentMessages() {
			assertRefused(batch().addState(state("0a03742f43120101"))
				.addState(state("0a03742f431001"))
				.addInvocations(argument("0a03742f45")), "partly in the dialect of StateFun 2.x");
		}

		private void assertRefused(ToFunction.InvocationBatchRequest.Builder batch, String reason) {
			assertThat(Cluster.failureOf(handle(hex(bytes(batch)), Protocol.AUTO, FunctionSpec.of("n/f"),
					(context, message) -> record(message))))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining(reason);
			assertThat(KnownBytesTests.this.seen).isEmpty();
		}

	}

	@Nested
	class Pinning {

		@ParameterizedTest
		@ValueSource(strings = { A, F })
		void ambiguousRequestsAreOfThePinnedProtocol(String request) {
			assertThat(BatchRequest.decode(bytes(request), Dialect.V3).dialect()).isEqualTo(Dialect.V3);
			assertThat(BatchRequest.decode(bytes(request), Dialect.V2).dialect()).isEqualTo(Dialect.V2);
		}

		@ParameterizedTest
		@ValueSource(strings = { C, D, E })
		void requestOf3xIsRefusedByA2xService(String request) {
			assertThatExceptionOfType(MalformedRequestException.class)
				.isThrownBy(() -> BatchRequest.decode(bytes(request), Dialect.V2))
				.withMessageContaining("pinned to 2.x");
		}

		@Test
		void requestOf2xIsRefusedByA3xService() {
			assertThat(Cluster
				.failureOf(handle(B, Protocol.V3, FunctionSpec.of("n/f"), (context, message) -> record(message))))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("pinned to 3.x");
		}

		@Test
		void servicePinnedTo3xRequestsMissingStatesWithoutEvidence() {
			assertThat(hex(Cluster.replyOf(handle(F, Protocol.V3, FunctionSpec.of("n/f").state("s", Integer.class),
					(context, message) -> record(message)))))
				.isEqualTo(MISSING_STATE);
		}

		@Test
		void servicePinnedTo3xRefusesA2xStateNextToAnAmbiguousMessage() {
			byte[] request = bytes(batch().addState(state("0a03742f43120101")).addInvocations(argument("0a03742f45")));
			assertThat(Cluster.failureOf(
					handle(hex(request), Protocol.V3, FunctionSpec.of("n/f"), (context, message) -> record(message))))
				.isInstanceOf(RequestRefusedException.class);
		}

		@Test
		void servicePinnedTo2xAcceptsStatesThatLookLike3x() {
			byte[] request = bytes(batch().addState(state("0a03742f431001")).addInvocations(argument("0a03742f45")));
			assertThat(BatchRequest.decode(request, Dialect.V2).dialect()).isEqualTo(Dialect.V2);
		}

	}

	@Nested
	class MissingStatesOn2x {

		// 101 means "no effects" to a 2.x cluster: the batch would be lost
		// (protocol.md §1)

		@ParameterizedTest
		@ValueSource(strings = { A, B, F })
		void statesOfA2xRequestAreNeverRequested(String request) {
			FunctionSpec spec = FunctionSpec.of("n/f").state("s", Integer.class).state("other", Integer.class);
			assertThat(Cluster.failureOf(handle(request, Protocol.AUTO, spec, (context, message) -> record(message))))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("'n/f'")
				.hasMessageContaining("module.yaml")
				.hasMessageContaining("  - name: other");
			assertThat(KnownBytesTests.this.seen).isEmpty();
		}

		@Test
		void statesThatLookLike3xDoNotSufficeToRequestOthers() {
			byte[] request = bytes(batch().addState(state("0a03742f431001")).addInvocations(argument("0a03742f45")));
			FunctionSpec spec = FunctionSpec.of("n/f").state("other", Integer.class);
			assertThat(
					Cluster.failureOf(handle(hex(request), Protocol.AUTO, spec, (context, message) -> record(message))))
				.isInstanceOf(RequestRefusedException.class)
				.hasMessageContaining("Set the protocol");
		}

	}

}
