package dev.statefun.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.statefun.sdk.FunctionSpec;
import dev.statefun.testwire.v3.Address;
import dev.statefun.testwire.v3.FromFunction;
import dev.statefun.testwire.v3.FromFunction.DelayedInvocation;
import dev.statefun.testwire.v3.FromFunction.EgressMessage;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec;
import dev.statefun.testwire.v3.FromFunction.ExpirationSpec.ExpireMode;
import dev.statefun.testwire.v3.FromFunction.IncompleteInvocationContext;
import dev.statefun.testwire.v3.FromFunction.Invocation;
import dev.statefun.testwire.v3.FromFunction.InvocationResponse;
import dev.statefun.testwire.v3.FromFunction.PersistedValueMutation;
import dev.statefun.testwire.v3.FromFunction.PersistedValueMutation.MutationType;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import dev.statefun.testwire.v3.ToFunction;
import dev.statefun.testwire.v3.TypedValue;

/**
 * A 3.x function that sends the replies that the test has prepared, in the bytes of the
 * generated classes, and empty replies after that. It keeps the requests.
 */
final class ScriptedFunction implements FunctionEndpoint {

	static final String TYPE = "test/scripted";

	static final dev.statefun.sdk.Address ONE = dev.statefun.sdk.Address.of(TYPE, "1");

	static final dev.statefun.sdk.Address TWO = dev.statefun.sdk.Address.of(TYPE, "2");

	final List<ToFunction.InvocationBatchRequest> requests = new ArrayList<>();

	private final Deque<byte[]> replies = new ArrayDeque<>();

	private byte[] last = {};

	LocalRuntime.Builder host() {
		return LocalRuntime.builder().function(FunctionSpec.of(TYPE), this).manualClock();
	}

	ScriptedFunction answers(MessageLite reply) {
		return answers(reply.toByteArray());
	}

	ScriptedFunction answers(byte[] reply) {
		this.replies.add(reply);
		return this;
	}

	ScriptedFunction answers(Consumer<InvocationResponse.Builder> reply) {
		return answers(result(reply));
	}

	ScriptedFunction asksFor(PersistedValueSpec... specs) {
		return answers(missing(specs));
	}

	ScriptedFunction answersAlways(byte[] reply) {
		this.last = reply;
		return this;
	}

	@Override
	public CompletionStage<byte[]> call(byte[] request) {
		try {
			this.requests.add(ToFunction.parseFrom(request).getInvocation());
		}
		catch (InvalidProtocolBufferException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		byte[] reply = this.replies.poll();
		return CompletableFuture.completedFuture((reply != null) ? reply : this.last);
	}

	// The values of the messages in each request
	List<List<String>> batches() {
		return this.requests.stream()
			.map((request) -> request.getInvocationsList()
				.stream()
				.map((invocation) -> invocation.getArgument().getValue().toStringUtf8())
				.toList())
			.toList();
	}

	static FromFunction result(Consumer<InvocationResponse.Builder> reply) {
		InvocationResponse.Builder result = InvocationResponse.newBuilder();
		reply.accept(result);
		return FromFunction.newBuilder().setInvocationResult(result).build();
	}

	static FromFunction missing(PersistedValueSpec... specs) {
		return FromFunction.newBuilder()
			.setIncompleteInvocationContext(
					IncompleteInvocationContext.newBuilder().addAllMissingValues(Arrays.asList(specs)))
			.build();
	}

	static PersistedValueSpec spec(String name, String typename) {
		return PersistedValueSpec.newBuilder().setStateName(name).setTypeTypename(typename).build();
	}

	static PersistedValueSpec spec(String name, String typename, ExpireMode mode, long millis) {
		return PersistedValueSpec.newBuilder()
			.setStateName(name)
			.setTypeTypename(typename)
			.setExpirationSpec(ExpirationSpec.newBuilder().setMode(mode).setExpireAfterMillis(millis))
			.build();
	}

	static TypedValue value(String typename, String value) {
		return TypedValue.newBuilder()
			.setTypename(typename)
			.setHasValue(true)
			.setValue(ByteString.copyFromUtf8(value))
			.build();
	}

	static Invocation message(String function, String id, String text) {
		return Invocation.newBuilder().setTarget(address(function, id)).setArgument(value("test/text", text)).build();
	}

	static DelayedInvocation delayed(long millis, String function, String id, String text, String token) {
		return DelayedInvocation.newBuilder()
			.setDelayInMs(millis)
			.setTarget(address(function, id))
			.setArgument(value("test/text", text))
			.setCancellationToken(token)
			.build();
	}

	static DelayedInvocation cancel(String token) {
		return DelayedInvocation.newBuilder().setIsCancellationRequest(true).setCancellationToken(token).build();
	}

	static EgressMessage egress(String namespace, String name, TypedValue record) {
		return EgressMessage.newBuilder().setEgressNamespace(namespace).setEgressType(name).setArgument(record).build();
	}

	static PersistedValueMutation modify(String state, TypedValue value) {
		return PersistedValueMutation.newBuilder()
			.setMutationType(MutationType.MODIFY)
			.setStateName(state)
			.setStateValue(value)
			.build();
	}

	private static Address address(String function, String id) {
		int slash = function.lastIndexOf('/');
		return Address.newBuilder()
			.setNamespace(function.substring(0, slash))
			.setType(function.substring(slash + 1))
			.setId(id)
			.build();
	}

	static com.google.protobuf.Any text(String text) {
		return com.google.protobuf.Any.newBuilder()
			.setTypeUrl("test/text")
			.setValue(ByteString.copyFromUtf8(text))
			.build();
	}

}
