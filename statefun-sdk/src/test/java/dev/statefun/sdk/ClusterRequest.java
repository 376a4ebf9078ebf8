package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.testwire.v3.TypedValue;
import org.jspecify.annotations.Nullable;

/**
 * A request as a cluster sends it, written by the generated classes of its dialect.
 */
final class ClusterRequest {

	static final String ANY_TYPE = "type.googleapis.com/google.protobuf.Any";

	private final Address target;

	private final List<State> states = new ArrayList<>();

	private final List<Invocation> invocations = new ArrayList<>();

	private ClusterRequest(Address target) {
		this.target = target;
	}

	static ClusterRequest to(String typename, String id) {
		return new ClusterRequest(Address.of(typename, id));
	}

	// A state that the cluster knows and that has no value
	ClusterRequest absent(String name) {
		this.states.add(new State(name, null));
		return this;
	}

	// A state with a value: a TypedValue on 3.x, the bytes of an Any on 2.x
	ClusterRequest state(String name, Any value) {
		this.states.add(new State(name, value));
		return this;
	}

	// A state that is declared as Any: the same bytes in both dialects
	ClusterRequest anyState(String name, Any value) {
		this.states.add(new AnyState(name, value).state());
		return this;
	}

	// A message from an ingress
	ClusterRequest message(Any message) {
		this.invocations.add(new Invocation(null, message));
		return this;
	}

	ClusterRequest message(Any message, Address caller) {
		this.invocations.add(new Invocation(caller, message));
		return this;
	}

	byte[] in(Dialect dialect) {
		return (dialect == Dialect.V2) ? v2().toByteArray() : v3().toByteArray();
	}

	dev.statefun.testwire.v2.ToFunction v2() {
		var batch = dev.statefun.testwire.v2.ToFunction.InvocationBatchRequest.newBuilder().setTarget(v2(this.target));
		this.states.forEach((state) -> batch.addState(v2(state)));
		for (Invocation invocation : this.invocations) {
			var builder = batch.addInvocationsBuilder().setArgument(invocation.message());
			if (invocation.caller() != null) {
				builder.setCaller(v2(invocation.caller()));
			}
		}
		return dev.statefun.testwire.v2.ToFunction.newBuilder().setInvocation(batch).build();
	}

	private static dev.statefun.testwire.v2.ToFunction.PersistedValue v2(State state) {
		var builder = dev.statefun.testwire.v2.ToFunction.PersistedValue.newBuilder().setStateName(state.name());
		Any value = state.value();
		if (value != null) {
			builder.setStateValue(state.declaredAsAny() ? value.getValue() : value.toByteString());
		}
		return builder.build();
	}

	static dev.statefun.testwire.v2.Address v2(Address address) {
		return dev.statefun.testwire.v2.Address.newBuilder()
			.setNamespace(address.type().namespace())
			.setType(address.type().name())
			.setId(address.id())
			.build();
	}

	dev.statefun.testwire.v3.ToFunction v3() {
		var batch = dev.statefun.testwire.v3.ToFunction.InvocationBatchRequest.newBuilder().setTarget(v3(this.target));
		for (State state : this.states) {
			var builder = batch.addStateBuilder().setStateName(state.name());
			if (state.value() != null) {
				builder.setStateValue(v3(state.value()));
			}
		}
		for (Invocation invocation : this.invocations) {
			var builder = batch.addInvocationsBuilder().setArgument(v3(invocation.message()));
			if (invocation.caller() != null) {
				builder.setCaller(v3(invocation.caller()));
			}
		}
		return dev.statefun.testwire.v3.ToFunction.newBuilder().setInvocation(batch).build();
	}

	static dev.statefun.testwire.v3.Address v3(Address address) {
		return dev.statefun.testwire.v3.Address.newBuilder()
			.setNamespace(address.type().namespace())
			.setType(address.type().name())
			.setId(address.id())
			.build();
	}

	static TypedValue v3(Any value) {
		return TypedValue.newBuilder()
			.setTypename(value.getTypeUrl())
			.setHasValue(true)
			.setValue(value.getValue())
			.build();
	}

	private record State(String name, @Nullable Any value) {

		boolean declaredAsAny() {
			return this.value != null && this.value.getTypeUrl().equals(ANY_TYPE);
		}

	}

	private record AnyState(String name, Any value) {

		State state() {
			ByteString bytes = this.value.toByteString();
			return new State(this.name, Any.newBuilder().setTypeUrl(ANY_TYPE).setValue(bytes).build());
		}

	}

	private record Invocation(@Nullable Address caller, Any message) {

	}

}
