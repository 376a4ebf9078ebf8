package dev.statefun.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.testwire.example.IntWrapper;
import dev.statefun.testwire.v3.FromFunction.PersistedValueSpec;
import dev.statefun.testwire.v3.TypedValue;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reply as a cluster reads it, by the generated classes of its generation, in one form
 * for both. Reading is strict: unknown fields, values without {@code has_value} and
 * deletions with a value are errors. The headers of a message stay in its unknown fields,
 * as a cluster keeps them.
 *
 * @param stateChanges state mutations in their order
 * @param sent messages in their order
 * @param delayed delayed messages and cancellations in their order
 * @param records egress records in their order
 * @param missing requested states, 3.x only
 */
public record ClusterReply(List<StateChange> stateChanges, List<Sent> sent, List<Delayed> delayed, List<Egress> records,
		List<PersistedValueSpec> missing) {

	/** A reply without effects. */
	public static final ClusterReply NOTHING = new ClusterReply(List.of(), List.of(), List.of(), List.of(), List.of());

	/**
	 * Read the reply to a 2.x cluster.
	 * @param bytes its bytes
	 * @return the reply
	 */
	public static ClusterReply v2(byte[] bytes) {
		return of(false, bytes);
	}

	/**
	 * Read the reply to a 3.x cluster.
	 * @param bytes its bytes
	 * @return the reply
	 */
	public static ClusterReply v3(byte[] bytes) {
		return of(true, bytes);
	}

	/**
	 * Read a reply.
	 * @param v3 whether the cluster is of generation 3.x
	 * @param bytes its bytes
	 * @return the reply
	 */
	public static ClusterReply of(boolean v3, byte[] bytes) {
		try {
			return v3 ? of(dev.statefun.testwire.v3.FromFunction.parseFrom(bytes))
					: of(dev.statefun.testwire.v2.FromFunction.parseFrom(bytes));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("the cluster can't read the reply", ex);
		}
	}

	/**
	 * Return the names of the requested states.
	 * @return the names in their order
	 */
	public List<String> missingStates() {
		return this.missing.stream().map(PersistedValueSpec::getStateName).toList();
	}

	/**
	 * Return the new values of states.
	 * @return values by name, each as {@code <typename>:<value as text>}; {@code null}
	 * for deleted states
	 */
	public Map<String, @Nullable String> states() {
		Map<String, @Nullable String> states = new TreeMap<>();
		this.stateChanges.forEach((change) -> states.put(change.name(), describe(change.value())));
		return states;
	}

	/**
	 * Return the new values of states of the type {@code io.statefun.types/int}.
	 * @return values by name; {@code null} for deleted states
	 */
	public Map<String, @Nullable Integer> intStates() {
		Map<String, @Nullable Integer> states = new TreeMap<>();
		this.stateChanges.forEach((change) -> states.put(change.name(), intOf(change.value())));
		return states;
	}

	/**
	 * Return the messages to functions.
	 * @return each as {@code <namespace>/<name>/<id>=<typename>:<value as text>}
	 */
	public List<String> messages() {
		return this.sent.stream().map((sent) -> sent.target() + "=" + describe(sent.message())).toList();
	}

	/**
	 * Return the egress records.
	 * @return each as {@code <namespace>/<name>=<typename>:<value as text>}
	 */
	public List<String> egresses() {
		return this.records.stream().map((record) -> record.egress() + "=" + describe(record.message())).toList();
	}

	/**
	 * Return the records for one egress.
	 * @param egress id of the egress
	 * @return the bytes of each
	 */
	public List<byte[]> egressValues(String egress) {
		return this.records.stream()
			.filter((record) -> record.egress().equals(egress))
			.map((record) -> record.message().getValue().toByteArray())
			.toList();
	}

	private static @Nullable String describe(@Nullable Any value) {
		return (value != null) ? value.getTypeUrl() + ":" + value.getValue().toStringUtf8() : null;
	}

	private static @Nullable Integer intOf(@Nullable Any value) {
		try {
			return (value != null) ? IntWrapper.parseFrom(value.getValue()).getValue() : null;
		}
		catch (InvalidProtocolBufferException ex) {
			throw new AssertionError("no int: " + value, ex);
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
			case MODIFY -> new StateChange(mutation.getStateName(), Values.parse(mutation.getStateValue()));
			default -> throw new AssertionError(mutation);
		};
	}

	private static StateChange deletion(String name, ByteString value) {
		assertThat(value.isEmpty()).isTrue();
		return new StateChange(name, null);
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
		return Any.newBuilder()
			.setTypeUrl(value.getTypename())
			.setValue(value.getValue())
			.setUnknownFields(value.getUnknownFields())
			.build();
	}

	private static String address(dev.statefun.testwire.v3.Address address) {
		return address.getNamespace() + "/" + address.getType() + "/" + address.getId();
	}

	private static void requireKnownFields(Message message) {
		boolean carried = message instanceof TypedValue || message instanceof Any;
		assertThat(message.getUnknownFields().asMap().keySet()).as("unknown fields of %s", message)
			.isSubsetOf(carried ? Set.of(Values.HEADERS) : Set.of());
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
	public record StateChange(String name, @Nullable Any value) {

	}

	/**
	 * A message.
	 *
	 * @param target the receiver as {@code <namespace>/<name>/<id>}
	 * @param message the message
	 */
	public record Sent(String target, Any message) {

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
	public record Delayed(long millis, String target, Any message, String token, boolean cancellation) {

		/**
		 * Create a delayed message without a token.
		 * @param millis the delay
		 * @param target the receiver as {@code <namespace>/<name>/<id>}
		 * @param message the message
		 * @return the message
		 */
		public static Delayed of(long millis, String target, Any message) {
			return new Delayed(millis, target, message, "", false);
		}

		/**
		 * Create a cancellation.
		 * @param token the token
		 * @return the cancellation
		 */
		public static Delayed cancellation(String token) {
			return new Delayed(0, "", Any.getDefaultInstance(), token, true);
		}

	}

	/**
	 * An egress record.
	 *
	 * @param egress id of the egress
	 * @param message the record
	 */
	public record Egress(String egress, Any message) {

	}

}
