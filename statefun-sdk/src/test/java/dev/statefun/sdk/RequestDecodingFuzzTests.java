package dev.statefun.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.sdk.RequestParts.Invocation;
import dev.statefun.sdk.RequestParts.State;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the decoding of arbitrary bytes with that of protobuf. Without a fuzzer, this
 * replays earlier findings; see CONTRIBUTING.md.
 */
class RequestDecodingFuzzTests {

	private static final @Nullable Dialect[] PROTOCOLS = { null, Dialect.V2, Dialect.V3 };

	@FuzzTest(maxDuration = "10m")
	@Timeout(20)
	void bytesAreDecodedAsByProtobufOrRefused(byte[] bytes) throws InvalidProtocolBufferException {
		assertDecodedOrRefused(bytes);
		byte[] mended = MendedRequest.of(bytes);
		if (!Arrays.equals(mended, bytes)) {
			assertDecodedOrRefused(mended);
		}
	}

	static void assertDecodedOrRefused(byte[] bytes) throws InvalidProtocolBufferException {
		for (Dialect pinned : PROTOCOLS) {
			BatchRequest request = decode(bytes, pinned);
			if (request != null) {
				assertAgrees(request, pinned);
			}
		}
		for (Dialect dialect : Dialect.values()) {
			assertTakesWhatAClusterCouldSend(bytes, dialect);
		}
	}

	private static @Nullable BatchRequest decode(byte[] bytes, @Nullable Dialect pinned) {
		try {
			return BatchRequest.decode(bytes, pinned);
		}
		catch (MalformedRequestException ex) {
			assertThat(ex.getMessage()).isNotBlank().hasSizeLessThan(200);
			return null;
		}
	}

	private static void assertAgrees(BatchRequest request, @Nullable Dialect pinned)
			throws InvalidProtocolBufferException {
		byte[] bytes = request.bytes();
		DialectEvidence evidence = DialectEvidence.of(bytes);
		assertThat(request.isDialectCertain()).isEqualTo(pinned != null || !evidence.messages().isEmpty());
		if (pinned != null) {
			assertThat(request.dialect()).isEqualTo(pinned);
			assertThat(Set.of(pinned)).containsAll(evidence.messages());
		}
		else if (evidence.minimal()) {
			assertThat(evidence.expected()).containsExactly(request.dialect());
		}
		assertSame(RequestParts.of(request), RequestParts.parse(request.dialect(), bytes));
	}

	private static void assertSame(RequestParts parts, RequestParts expected) {
		assertThat(parts.target()).isEqualTo(expected.target());
		assertSameInvocations(parts.invocations(), expected.invocations());
		assertThat(parts.states()).hasSameSizeAs(expected.states());
		for (int i = 0; i < parts.states().size(); i++) {
			State state = parts.states().get(i);
			State other = expected.states().get(i);
			assertThat(state.name()).isEqualTo(other.name());
			assertThat(state.present()).isEqualTo(other.present());
			if (state.value() != null || other.minimal()) {
				assertThat(state.value()).isEqualTo(other.value());
			}
		}
	}

	private static void assertSameInvocations(List<Invocation> invocations, List<Invocation> expected) {
		assertThat(invocations).hasSameSizeAs(expected);
		for (int i = 0; i < invocations.size(); i++) {
			boolean comparable = expected.get(i).headers() != null;
			assertThat(comparable ? invocations.get(i) : invocations.get(i).withoutHeaders())
				.isEqualTo(expected.get(i));
		}
	}

	// Protobuf writes accepted bytes anew: duplicates are merged then, and numbers
	// have no more bytes than they need
	private static void assertTakesWhatAClusterCouldSend(byte[] bytes, Dialect dialect)
			throws InvalidProtocolBufferException {
		Message message;
		try {
			message = parse(dialect, bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			return;
		}
		byte[] rewritten = message.toByteArray();
		if (isRequest(message) && Set.of(dialect).containsAll(DialectEvidence.of(rewritten).messages())) {
			BatchRequest request = BatchRequest.decode(rewritten, dialect);
			assertSame(RequestParts.of(request), RequestParts.parse(dialect, bytes));
		}
	}

	private static Message parse(Dialect dialect, byte[] bytes) throws InvalidProtocolBufferException {
		return (dialect == Dialect.V2) ? dev.statefun.testwire.v2.ToFunction.parseFrom(bytes)
				: dev.statefun.testwire.v3.ToFunction.parseFrom(bytes);
	}

	private static boolean isRequest(Message message) {
		boolean complete = (message instanceof dev.statefun.testwire.v2.ToFunction request)
				? request.getInvocation().hasTarget() && isComplete(request.getInvocation().getInvocationsList())
				: isComplete((dev.statefun.testwire.v3.ToFunction) message);
		return complete && !hasGroups(message);
	}

	private static boolean isComplete(List<dev.statefun.testwire.v2.ToFunction.Invocation> invocations) {
		return !invocations.isEmpty()
				&& invocations.stream().allMatch(dev.statefun.testwire.v2.ToFunction.Invocation::hasArgument);
	}

	// A state with a length-delimited field 2 is one of 2.x
	private static boolean isComplete(dev.statefun.testwire.v3.ToFunction request) {
		var batch = request.getInvocation();
		return batch.hasTarget() && !batch.getInvocationsList().isEmpty()
				&& batch.getInvocationsList()
					.stream()
					.allMatch(dev.statefun.testwire.v3.ToFunction.Invocation::hasArgument)
				&& batch.getStateList()
					.stream()
					.allMatch((state) -> state.getStateValue()
						.getUnknownFields()
						.getField(2)
						.getLengthDelimitedList()
						.isEmpty());
	}

	// Proto3 has no groups, and the SDK refuses them
	private static boolean hasGroups(Message message) {
		if (message.getUnknownFields().asMap().values().stream().anyMatch((field) -> !field.getGroupList().isEmpty())) {
			return true;
		}
		for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
			List<?> values = (field.getValue() instanceof List<?> list) ? list : List.of(field.getValue());
			for (Object value : values) {
				if (value instanceof Message nested && hasGroups(nested)) {
					return true;
				}
			}
		}
		return false;
	}

}
