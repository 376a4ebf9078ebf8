package dev.statefun.sdk.handler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.FunctionHandler;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.sdk.failure.FailedInvocation;
import dev.statefun.sdk.failure.FailureAction;
import dev.statefun.sdk.failure.FailurePolicy;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.registry.StatefulFunctions;
import dev.statefun.sdk.testing.Cluster;
import dev.statefun.testing.ClusterReply;
import dev.statefun.testing.ClusterRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for replies that exceed the maximum size: the batch fails, and a single message
 * that exceeds it is a failed message.
 */
class ReplySizeTests {

	private static final int ALL = Integer.MAX_VALUE;

	private final List<FailedInvocation> failed = new ArrayList<>();

	private static Any blob(int size) {
		return Any.newBuilder().setTypeUrl("test/Blob").setValue(ByteString.copyFrom(new byte[size])).build();
	}

	private static ClusterRequest sending(int... sizes) {
		ClusterRequest request = Cluster.request();
		Arrays.stream(sizes).forEach((size) -> request.message(blob(size)));
		return request;
	}

	private RequestReplyHandler limitedTo(int bytes, @Nullable FailurePolicy policy) {
		FunctionHandler function = (context, message) -> context.send("test/other", "x", message);
		RequestReplyHandler.Builder handler = RequestReplyHandler
			.builder(StatefulFunctions.builder().register(FunctionSpec.of(Cluster.FUNCTION), function).build())
			.maxReplySize(bytes);
		if (policy != null) {
			handler.failurePolicy((invocation) -> {
				this.failed.add(invocation);
				return policy.decide(invocation);
			});
		}
		return handler.build();
	}

	@ParameterizedTest
	@EnumSource(Dialect.class)
	void replyMayHaveTheMaximumSize(Dialect dialect) {
		byte[] request = sending(1000, 70).toByteArray(dialect == Dialect.V3);
		byte[] reply = Cluster.replyOf(limitedTo(ALL, null).handle(request));
		assertThat(Cluster.replyOf(limitedTo(reply.length, null).handle(request))).isEqualTo(reply);
		assertThat(Cluster.failureOf(limitedTo(reply.length - 1, null).handle(request)))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("unction '" + Cluster.FUNCTION)
			.hasMessageContaining("for id '" + Cluster.ID + "'")
			.hasMessageContaining(
					"the reply would have at least " + reply.length + " bytes, but may have " + (reply.length - 1))
			.hasMessageContaining("maxNumBatchRequests")
			.hasMessageContaining("'statefun.max-reply-size'");
	}

	@Test
	void batchWithATooLargeReplyFailsWhateverThePolicyDecides() {
		RequestReplyHandler handler = limitedTo(1500, (invocation) -> FailureAction.skip());
		assertThat(Cluster.failureOf(handler.handle(sending(1000, 1000).toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("on message 2 of 2");
		assertThat(this.failed).isEmpty();
	}

	@Test
	void singleMessageWithATooLargeReplyIsAFailedMessage() {
		RequestReplyHandler handler = limitedTo(1500, (invocation) -> FailureAction.skip());
		byte[] reply = Cluster.replyOf(handler.handle(sending(700, 2000, 70).toV3().toByteArray()));
		assertThat(ClusterReply.v3(reply).sent()).hasSize(2);
		assertThat(this.failed).singleElement()
			.satisfies((failure) -> assertThat(failure.cause()).hasMessageContaining("may have 1500"));
	}

	@Test
	void statesCountTowardsTheSize() {
		FunctionHandler function = (context, message) -> context.state("blob").set(message);
		RequestReplyHandler handler = RequestReplyHandler
			.builder(StatefulFunctions.builder()
				.register(FunctionSpec.of(Cluster.FUNCTION).state("blob", Any.class), function)
				.build())
			.maxReplySize(100)
			.failurePolicy((invocation) -> FailureAction.skip())
			.build();
		assertThat(Cluster.failureOf(handler.handle(sending(200).absentState("blob").toV3().toByteArray())))
			.isInstanceOf(InvocationFailedException.class)
			.hasMessageContaining("can't be written")
			.hasMessageContaining("but may have 100");
	}

	@Test
	void memoryIsNotAllocatedBeyondTheLimit() {
		RequestReplyHandler handler = limitedTo(10, null);
		assertThat(Cluster.failureOf(handler.handle(sending(5_000_000).toV3().toByteArray())))
			.hasMessageContaining("but may have 10;");
	}

	@Test
	void limitIsPositive() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RequestReplyHandler.builder(StatefulFunctions.builder().build()).maxReplySize(0))
			.withMessage("'bytes' is 0; expected a positive number");
	}

}
