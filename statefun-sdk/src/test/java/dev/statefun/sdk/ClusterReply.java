package dev.statefun.sdk;

import java.util.List;
import java.util.Map;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import dev.statefun.testwire.v3.TypedValue;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reply as a cluster reads it, by the generated classes of its dialect, and in one form
 * for both. Reading is strict: fields that the dialect does not have, values without
 * {@code has_value} and deletions with a value are errors.
 *
 * @param states state mutations in their order
 * @param messages messages in their order
 * @param delayed delayed messages and cancellations in their order
 * @param egresses egress records in their order
 * @param missing states that are asked for, 3.x only
 */
record ClusterReply(List<StateChange> states, List<Sent> messages, List<Delayed> delayed, List<Egress> egresses,
		List<PersistedValueSpec> missing) {

	static final ClusterReply NOTHING = new ClusterReply(List.of(), List.of(), List.of(), List.of(), List.of());

	static ClusterReply read(Dialect dialect, byte[] bytes) {
		try {
			return (dialect == Dialect.V2) ? of(dev.statefun.testwire.v2.FromFunction.parseFrom(bytes))
					: of(dev.statefun.testwire.v3.FromFunction.parseFrom(bytes));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("the cluster can't read the reply", ex);
		}
	}

	private static ClusterReply of(dev.statefun.testwire.v2.FromFunction reply) {
		requireKnownFields(reply);
		assertThat(reply.hasInvocationResult()).isTrue();
		var result = reply.getInvocationResult();
		return new ClusterReply(result.getStateMutationsList().stream().map(ClusterReply::change).toList(),
				result.getOutgoingMessagesList()
					.stream()
					.map((sent) -> new Sent(address(sent.getTarget()), sent.getArgument()))
					.toList(),
				result.getDelayedInvocationsList()
					.stream()
					.map((sent) -> Delayed.of(sent.getDelayInMs(), address(sent.getTarget()), sent.getArgument()))
					.toList(),
				result.getOutgoingEgressesList()
					.stream()
					.map((sent) -> new Egress(sent.getEgressNamespace() + "/" + sent.getEgressType(),
							sent.getArgument()))
					.toList(),
				List.of());
	}

	private static StateChange change(dev.statefun.testwire.v2.FromFunction.PersistedValueMutation mutation) {
		return switch (mutation.getMutationType()) {
			case DELETE -> deletion(mutation.getStateName(), mutation.getStateValue());
			case MODIFY -> new StateChange(mutation.getStateName(), parse(mutation.getStateValue()));
			default -> throw new AssertionError(mutation);
		};
	}

	private static StateChange deletion(String name, ByteString value) {
		assertThat(value.isEmpty()).isTrue();
		return new StateChange(name, null);
	}

	static Any parse(ByteString bytes) {
		try {
			return Any.parseFrom(bytes);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("no google.protobuf.Any: " + bytes, ex);
		}
	}

	private static String address(dev.statefun.testwire.v2.Address address) {
		return address.getNamespace() + "/" + address.getType() + "/" + address.getId();
	}

	private static ClusterReply of(dev.statefun.testwire.v3.FromFunction reply) {
		requireKnownFields(reply);
		if (reply.hasIncompleteInvocationContext()) {
			return new ClusterReply(List.of(), List.of(), List.of(), List.of(),
					reply.getIncompleteInvocationContext().getMissingValuesList());
		}
		assertThat(reply.hasInvocationResult()).isTrue();
		var result = reply.getInvocationResult();
		return new ClusterReply(result.getStateMutationsList().stream().map(ClusterReply::change).toList(),
				result.getOutgoingMessagesList()
					.stream()
					.map((sent) -> new Sent(address(sent.getTarget()), any(sent.getArgument())))
					.toList(),
				result.getDelayedInvocationsList().stream().map(ClusterReply::delayed).toList(),
				result.getOutgoingEgressesList()
					.stream()
					.map((sent) -> new Egress(sent.getEgressNamespace() + "/" + sent.getEgressType(),
							any(sent.getArgument())))
					.toList(),
				List.of());
	}

	private static StateChange change(dev.statefun.testwire.v3.FromFunction.PersistedValueMutation mutation) {
		return switch (mutation.getMutationType()) {
			case DELETE -> {
				assertThat(mutation.hasStateValue()).isFalse();
				yield new StateChange(mutation.getStateName(), null);
			}
			case MODIFY -> new StateChange(mutation.getStateName(), any(mutation.getStateValue()));
			default -> throw new AssertionError(mutation);
		};
	}

	private static Delayed delayed(dev.statefun.testwire.v3.FromFunction.DelayedInvocation sent) {
		if (sent.getIsCancellationRequest()) {
			assertThat(sent.hasTarget() || sent.hasArgument()).isFalse();
			return Delayed.cancellation(sent.getCancellationToken());
		}
		return new Delayed(sent.getDelayInMs(), address(sent.getTarget()), any(sent.getArgument()),
				sent.getCancellationToken(), false);
	}

	private static Any any(TypedValue value) {
		assertThat(value.getHasValue()).as("has_value of %s", value.getTypename()).isTrue();
		return Any.newBuilder().setTypeUrl(value.getTypename()).setValue(value.getValue()).build();
	}

	private static String address(dev.statefun.testwire.v3.Address address) {
		return address.getNamespace() + "/" + address.getType() + "/" + address.getId();
	}

	private static void requireKnownFields(Message message) {
		assertThat(message.getUnknownFields().asMap()).as("unknown fields of %s", message).isEmpty();
		for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
			List<?> values = (field.getValue() instanceof List<?> list) ? list : List.of(field.getValue());
			for (Object value : values) {
				if (value instanceof Message nested) {
					requireKnownFields(nested);
				}
			}
		}
	}

	/**
	 * A state mutation.
	 *
	 * @param name name of the state
	 * @param value the new value, or {@code null} if the state is deleted
	 */
	record StateChange(String name, @Nullable Any value) {

	}

	/**
	 * A message.
	 *
	 * @param target the receiver as {@code <namespace>/<name>/<id>}
	 * @param message the message
	 */
	record Sent(String target, Any message) {

	}

	/**
	 * A delayed message or a cancellation.
	 *
	 * @param millis the delay
	 * @param target the receiver as {@code <namespace>/<name>/<id>}
	 * @param message the message
	 * @param token the cancellation token, which may be empty
	 * @param cancellation whether this cancels a message
	 */
	record Delayed(long millis, String target, Any message, String token, boolean cancellation) {

		static Delayed of(long millis, String target, Any message) {
			return new Delayed(millis, target, message, "", false);
		}

		static Delayed cancellation(String token) {
			return new Delayed(0, "", Any.getDefaultInstance(), token, true);
		}

	}

	/**
	 * An egress record.
	 *
	 * @param egress id of the egress
	 * @param message the record
	 */
	record Egress(String egress, Any message) {

	}

}
