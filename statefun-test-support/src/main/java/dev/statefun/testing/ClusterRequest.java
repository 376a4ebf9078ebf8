package dev.statefun.testing;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.testwire.v3.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * A request as a cluster sends it, written by the generated classes of its generation
 * (protocol.md §1). Unknown fields of a message, such as its headers, are kept.
 */
public final class ClusterRequest {

	private final boolean v3;

	private final Target target;

	private final List<State> states = new ArrayList<>();

	private final List<Invocation> invocations = new ArrayList<>();

	private ClusterRequest(boolean v3, Target target) {
		this.v3 = v3;
		this.target = target;
	}

	/**
	 * Start a request that can be written for both generations, by default for 3.x.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @return the request
	 */
	public static ClusterRequest to(String typename, String id) {
		return of(true, typename, id);
	}

	/**
	 * Start a request of a 2.x cluster.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @return the request
	 */
	public static ClusterRequest v2(String typename, String id) {
		return of(false, typename, id);
	}

	/**
	 * Start a request of a 3.x cluster.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @return the request
	 */
	public static ClusterRequest v3(String typename, String id) {
		return of(true, typename, id);
	}

	/**
	 * Start a request.
	 * @param v3 whether the cluster is of generation 3.x, unless the request is written
	 * for another one
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @param id id of the instance
	 * @return the request
	 */
	public static ClusterRequest of(boolean v3, String typename, String id) {
		return new ClusterRequest(v3, Target.of(typename, id));
	}

	/**
	 * Add a state without a value.
	 * @param name name of the state
	 * @return this request
	 */
	public ClusterRequest absentState(String name) {
		this.states.add(new State(name, null));
		return this;
	}

	/**
	 * Add a state with a value, which 3.x clusters keep as a {@code TypedValue} and 2.x
	 * clusters as an {@code Any}.
	 * @param name name of the state
	 * @param value the value
	 * @return this request
	 */
	public ClusterRequest state(String name, Any value) {
		this.states.add(new State(name, value));
		return this;
	}

	/**
	 * Add a state with a value.
	 * @param name name of the state
	 * @param typename type name of the value
	 * @param value bytes of the value
	 * @return this request
	 */
	public ClusterRequest state(String name, String typename, ByteString value) {
		return state(name, Values.of(typename, value));
	}

	/**
	 * Add a state of the type {@code io.statefun.types/int}.
	 * @param name name of the state
	 * @param value the value
	 * @return this request
	 */
	public ClusterRequest intState(String name, int value) {
		return state(name, Values.integer(value));
	}

	/**
	 * Add a state that is declared as {@code Any}, which has the same bytes in both
	 * generations.
	 * @param name name of the state
	 * @param value the value
	 * @return this request
	 */
	public ClusterRequest anyState(String name, Any value) {
		return state(name, Values.of(Values.ANY_TYPE, value));
	}

	/**
	 * Add a message from an ingress.
	 * @param message the message
	 * @return this request
	 */
	public ClusterRequest message(Any message) {
		this.invocations.add(new Invocation(null, message));
		return this;
	}

	/**
	 * Add a message from an ingress.
	 * @param typename type name of the message
	 * @param value bytes of the message
	 * @return this request
	 */
	public ClusterRequest message(String typename, ByteString value) {
		return message(Values.of(typename, value));
	}

	/**
	 * Add a message of the type {@code io.statefun.types/int} from an ingress.
	 * @param value the message
	 * @return this request
	 */
	public ClusterRequest message(int value) {
		return message(Values.integer(value));
	}

	/**
	 * Add a message from a function.
	 * @param typename type of the caller, in the form {@code <namespace>/<name>}
	 * @param id id of the caller
	 * @param message the message
	 * @return this request
	 */
	public ClusterRequest messageFrom(String typename, String id, Any message) {
		this.invocations.add(new Invocation(Target.of(typename, id), message));
		return this;
	}

	/**
	 * Add a message from a function.
	 * @param typename type of the caller, in the form {@code <namespace>/<name>}
	 * @param id id of the caller
	 * @param messageType type name of the message
	 * @param value bytes of the message
	 * @return this request
	 */
	public ClusterRequest messageFrom(String typename, String id, String messageType, ByteString value) {
		return messageFrom(typename, id, Values.of(messageType, value));
	}

	/**
	 * Add a message of the type {@code io.statefun.types/int} from a function.
	 * @param typename type of the caller, in the form {@code <namespace>/<name>}
	 * @param id id of the caller
	 * @param value the message
	 * @return this request
	 */
	public ClusterRequest messageFrom(String typename, String id, int value) {
		return messageFrom(typename, id, Values.integer(value));
	}

	/**
	 * Write the request for the generation with which it was started.
	 * @return its bytes
	 */
	public byte[] toByteArray() {
		return toByteArray(this.v3);
	}

	/**
	 * Write the request.
	 * @param v3 whether the cluster is of generation 3.x
	 * @return its bytes
	 */
	public byte[] toByteArray(boolean v3) {
		return v3 ? toV3().toByteArray() : toV2().toByteArray();
	}

	/**
	 * Return the request of a 2.x cluster.
	 * @return the message
	 */
	public dev.statefun.testwire.v2.ToFunction toV2() {
		var batch = dev.statefun.testwire.v2.ToFunction.InvocationBatchRequest.newBuilder()
			.setTarget(this.target.toV2());
		this.states.forEach((state) -> batch.addState(state.toV2()));
		for (Invocation invocation : this.invocations) {
			var builder = batch.addInvocationsBuilder().setArgument(invocation.message());
			if (invocation.caller() != null) {
				builder.setCaller(invocation.caller().toV2());
			}
		}
		return dev.statefun.testwire.v2.ToFunction.newBuilder().setInvocation(batch).build();
	}

	/**
	 * Return the request of a 3.x cluster.
	 * @return the message
	 */
	public dev.statefun.testwire.v3.ToFunction toV3() {
		var batch = dev.statefun.testwire.v3.ToFunction.InvocationBatchRequest.newBuilder()
			.setTarget(this.target.toV3());
		this.states.forEach((state) -> batch.addState(state.toV3()));
		for (Invocation invocation : this.invocations) {
			var builder = batch.addInvocationsBuilder().setArgument(typed(invocation.message()));
			if (invocation.caller() != null) {
				builder.setCaller(invocation.caller().toV3());
			}
		}
		return dev.statefun.testwire.v3.ToFunction.newBuilder().setInvocation(batch).build();
	}

	private static TypedValue typed(Any value) {
		return TypedValue.newBuilder()
			.setTypename(value.getTypeUrl())
			.setHasValue(true)
			.setValue(value.getValue())
			.setUnknownFields(value.getUnknownFields())
			.build();
	}

	private record Target(String namespace, String name, String id) {

		static Target of(String typename, String id) {
			int slash = typename.lastIndexOf('/');
			return new Target(typename.substring(0, slash), typename.substring(slash + 1), id);
		}

		dev.statefun.testwire.v2.Address toV2() {
			return dev.statefun.testwire.v2.Address.newBuilder()
				.setNamespace(this.namespace)
				.setType(this.name)
				.setId(this.id)
				.build();
		}

		dev.statefun.testwire.v3.Address toV3() {
			return dev.statefun.testwire.v3.Address.newBuilder()
				.setNamespace(this.namespace)
				.setType(this.name)
				.setId(this.id)
				.build();
		}

	}

	private record State(String name, @Nullable Any value) {

		dev.statefun.testwire.v2.ToFunction.PersistedValue toV2() {
			var builder = dev.statefun.testwire.v2.ToFunction.PersistedValue.newBuilder().setStateName(this.name);
			if (this.value != null) {
				boolean declaredAsAny = this.value.getTypeUrl().equals(Values.ANY_TYPE);
				builder.setStateValue(declaredAsAny ? this.value.getValue() : this.value.toByteString());
			}
			return builder.build();
		}

		dev.statefun.testwire.v3.ToFunction.PersistedValue toV3() {
			var builder = dev.statefun.testwire.v3.ToFunction.PersistedValue.newBuilder().setStateName(this.name);
			if (this.value != null) {
				builder.setStateValue(typed(this.value));
			}
			return builder.build();
		}

	}

	private record Invocation(@Nullable Target caller, Any message) {

	}

}
