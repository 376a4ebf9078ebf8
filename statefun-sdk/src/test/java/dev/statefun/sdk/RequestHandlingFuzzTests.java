package dev.statefun.sdk;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.management.ThreadMXBean;
import dev.statefun.sdk.handler.InvocationFailedException;
import dev.statefun.sdk.handler.Protocol;
import dev.statefun.sdk.handler.RequestRefusedException;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterReply.StateChange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Passes arbitrary bytes to functions of every kind. Without a fuzzer, this replays
 * earlier findings; see CONTRIBUTING.md.
 */
class RequestHandlingFuzzTests {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final StatefulFunctions functions = FuzzedFunctions.functions();

	private final RequestReplyHandler plain = new RequestReplyHandler(this.functions);

	private final RequestReplyHandler v2 = RequestReplyHandler.builder(this.functions).protocol(Protocol.V2).build();

	private final RequestReplyHandler v3 = RequestReplyHandler.builder(this.functions).protocol(Protocol.V3).build();

	private static final UnknownFieldSet NOTHING = UnknownFieldSet.getDefaultInstance();

	private final RequestReplyHandler guarded = RequestReplyHandler.builder(this.functions)
		.failurePolicy(FuzzedFunctions::decide)
		.interceptor(FuzzedFunctions::twice)
		.propagateHeaders(List.of("tenant", "k"))
		.listener((report) -> assertThat(report.duration()).isGreaterThanOrEqualTo(Duration.ZERO))
		.build();

	@FuzzTest(maxDuration = "10m")
	@Timeout(20)
	void everyRequestIsAnsweredRefusedOrFailed(byte[] bytes) {
		assertContained(bytes);
		byte[] mended = MendedRequest.of(bytes);
		if (!Arrays.equals(mended, bytes)) {
			assertContained(mended);
		}
	}

	private void assertContained(byte[] request) {
		byte[] original = request.clone();
		String outcome = outcome(this.plain, null, request);
		assertThat(outcome(this.plain, null, request)).isEqualTo(outcome);
		assertThat(request).isEqualTo(original);
		assertModest(request);
		outcome(this.guarded, null, request);
		Dialect certain = certainDialect(request);
		for (Dialect dialect : Dialect.values()) {
			String pinned = outcome((dialect == Dialect.V2) ? this.v2 : this.v3, dialect, request);
			if (dialect == certain) {
				assertThat(pinned).isEqualTo(outcome);
			}
		}
	}

	private static @Nullable Dialect certainDialect(byte[] bytes) {
		try {
			BatchRequest request = BatchRequest.decode(bytes, null);
			return request.isDialectCertain() ? request.dialect() : null;
		}
		catch (MalformedRequestException ex) {
			return null;
		}
	}

	// The reply or the failure
	private static String outcome(RequestReplyHandler handler, @Nullable Dialect pinned, byte[] request) {
		CompletableFuture<byte[]> reply = handler.handle(request).toCompletableFuture();
		assertThat(reply).isDone();
		try {
			byte[] bytes = reply.join();
			assertReply(BatchRequest.decode(request, pinned), bytes);
			return HexFormat.of().formatHex(bytes);
		}
		catch (CompletionException ex) {
			Throwable cause = ex.getCause();
			assertThat(cause).isInstanceOfAny(RequestRefusedException.class, InvocationFailedException.class);
			assertMeant(cause);
			return String.valueOf(cause);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("the cluster can't read the reply", ex);
		}
	}

	// A mistake of the SDK would look like one of the function, which makes none
	private static void assertMeant(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause).isNotInstanceOfAny(IndexOutOfBoundsException.class, NullPointerException.class,
					ClassCastException.class, NegativeArraySizeException.class, ArithmeticException.class);
		}
	}

	private static void assertReply(BatchRequest request, byte[] bytes) throws InvalidProtocolBufferException {
		ClusterReply reply = ClusterReply.of(request.dialect() == Dialect.V3,
				withPlainMessages(request.dialect(), bytes));
		assertThat(reply.stateChanges()).extracting(StateChange::name).doesNotHaveDuplicates();
		assertThat(reply.missing()).doesNotHaveDuplicates();
		assertThat(reply.missing().isEmpty() || request.isDialectCertain()).isTrue();
		assertThat(bytes.length).isLessThan(1_000 + 1_000 * request.invocationCount() + 100 * request.bytes().length);
	}

	// A reply goes to the received address, and a forwarded message stays as it was
	// received, including fields of later versions of the protocol
	private static byte[] withPlainMessages(Dialect dialect, byte[] bytes) throws InvalidProtocolBufferException {
		return (dialect == Dialect.V2) ? plain(dev.statefun.testwire.v2.FromFunction.parseFrom(bytes)).toByteArray()
				: plain(dev.statefun.testwire.v3.FromFunction.parseFrom(bytes)).toByteArray();
	}

	private static dev.statefun.testwire.v2.FromFunction plain(dev.statefun.testwire.v2.FromFunction reply) {
		var plain = reply.toBuilder();
		var result = plain.getInvocationResultBuilder();
		var messages = result.getOutgoingMessagesList();
		result.clearOutgoingMessages();
		messages.stream().filter((message) -> !message.getTarget().getType().equals("forwarded")).forEach((message) -> {
			var sent = message.toBuilder();
			sent.getTargetBuilder().setUnknownFields(NOTHING);
			result.addOutgoingMessages(sent);
		});
		return plain.build();
	}

	private static dev.statefun.testwire.v3.FromFunction plain(dev.statefun.testwire.v3.FromFunction reply) {
		if (!reply.hasInvocationResult()) {
			return reply;
		}
		var plain = reply.toBuilder();
		var result = plain.getInvocationResultBuilder();
		var messages = result.getOutgoingMessagesList();
		result.clearOutgoingMessages();
		messages.stream().filter((message) -> !message.getTarget().getType().equals("forwarded")).forEach((message) -> {
			var sent = message.toBuilder();
			sent.getTargetBuilder().setUnknownFields(NOTHING);
			result.addOutgoingMessages(sent);
		});
		return plain.build();
	}

	// Whatever lengths a request has
	private void assertModest(byte[] request) {
		long limit = 1_000_000 + 10_000L * request.length;
		long allocated = Long.MAX_VALUE;
		// The JVM itself allocates occasionally
		for (int attempt = 0; attempt < 3 && allocated > limit; attempt++) {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			this.plain.handle(request);
			allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
		}
		assertThat(allocated).isLessThanOrEqualTo(limit);
	}

}
