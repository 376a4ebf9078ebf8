package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.statefun.deadletter.DeadLetter.Header;
import dev.statefun.sdk.Headers.Entry;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.BytesTable;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.MalformedRequestException;
import dev.statefun.testing.Values;
import dev.statefun.testwire.v3.TypedValue;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Contents of a request, as the SDK or the generated classes of its dialect read it.
 * Addresses are their three parts.
 *
 * @param target the function instance
 * @param states the states in their order
 * @param invocations the invocations in their order
 */
record RequestParts(List<String> target, List<State> states, List<Invocation> invocations) {

	// Calls every accessor for every index
	static RequestParts of(BatchRequest request) {
		List<String> target = List.of(request.targetNamespace(), request.targetName(), request.targetId());
		String type = target.get(0) + "/" + target.get(1);
		assertThat(request.findTarget(new BytesTable<>(Map.of(type, "found")))).isEqualTo("found");
		List<State> states = new ArrayList<>();
		for (int i = 0; i < request.stateCount(); i++) {
			states.add(state(request, i));
		}
		List<Invocation> invocations = new ArrayList<>();
		for (int i = 0; i < request.invocationCount(); i++) {
			invocations.add(new Invocation(
					request.hasCaller(i) ? List.of(request.caller(i)) : List.of(), any(request, request.typeOffset(i),
							request.typeLength(i), request.valueOffset(i), request.valueLength(i)),
					request.hasValue(i), Headers.ofInvocation(request, i)));
		}
		return new RequestParts(target, states, invocations);
	}

	private static State state(BatchRequest request, int index) {
		String name = request.stateName(index);
		assertThat(request.findState(index, new BytesTable<>(Map.of(name, "found")))).isEqualTo("found");
		boolean present = request.hasState(index);
		boolean readable = present && isReadable(request, index);
		Any value = any(request, request.stateTypeOffset(index), request.stateTypeLength(index),
				request.stateValueOffset(index), request.stateValueLength(index));
		return new State(name, present, readable ? value : null, true);
	}

	private static boolean isReadable(BatchRequest request, int index) {
		try {
			request.readAnyState(index);
			return true;
		}
		catch (MalformedRequestException ex) {
			return false;
		}
	}

	private static Any any(BatchRequest request, int typeOffset, int typeLength, int valueOffset, int valueLength) {
		return Any.newBuilder()
			.setTypeUrlBytes(ByteString.copyFrom(request.bytes(), typeOffset, typeLength))
			.setValue(ByteString.copyFrom(request.bytes(), valueOffset, valueLength))
			.build();
	}

	static RequestParts parse(Dialect dialect, byte[] bytes) throws InvalidProtocolBufferException {
		return (dialect == Dialect.V2) ? of(dev.statefun.testwire.v2.ToFunction.parseFrom(bytes))
				: of(dev.statefun.testwire.v3.ToFunction.parseFrom(bytes));
	}

	static RequestParts of(dev.statefun.testwire.v2.ToFunction request) {
		var batch = request.getInvocation();
		List<State> states = new ArrayList<>();
		for (var state : batch.getStateList()) {
			ByteString bytes = state.getStateValue();
			Any value = bytes.isEmpty() ? null : parse(bytes);
			boolean minimal = value == null || value.getSerializedSize() == bytes.size();
			states.add(new State(state.getStateName(), !bytes.isEmpty(), value, minimal));
		}
		List<Invocation> invocations = new ArrayList<>();
		for (var invocation : batch.getInvocationsList()) {
			Any argument = invocation.getArgument();
			invocations.add(new Invocation(caller(address(invocation.getCaller())),
					any(argument.getTypeUrl(), argument.getValue()), true, headers(argument)));
		}
		return new RequestParts(address(batch.getTarget()), states, invocations);
	}

	// Other bytes than an Any are opaque
	private static @Nullable Any parse(ByteString bytes) {
		try {
			Any any = Any.parseFrom(bytes);
			return any.getUnknownFields().asMap().isEmpty() ? any : null;
		}
		catch (InvalidProtocolBufferException ex) {
			return null;
		}
	}

	static RequestParts of(dev.statefun.testwire.v3.ToFunction request) {
		var batch = request.getInvocation();
		List<State> states = new ArrayList<>();
		for (var state : batch.getStateList()) {
			TypedValue value = state.getStateValue();
			boolean present = value.getHasValue();
			states.add(new State(state.getStateName(), present, present ? any(value) : null, true));
		}
		List<Invocation> invocations = new ArrayList<>();
		for (var invocation : batch.getInvocationsList()) {
			TypedValue argument = invocation.getArgument();
			invocations.add(new Invocation(caller(address(invocation.getCaller())), any(argument),
					argument.getHasValue(), headers(argument)));
		}
		return new RequestParts(address(batch.getTarget()), states, invocations);
	}

	// Null if protobuf would write a header in another way, or reads a group in it, which
	// no header has
	private static @Nullable Headers headers(Message argument) {
		List<Entry> entries = new ArrayList<>();
		for (ByteString bytes : argument.getUnknownFields().getField(Values.HEADERS).getLengthDelimitedList()) {
			try {
				Header header = Header.parseFrom(bytes);
				if (!header.toByteString().equals(bytes) || hasGroup(header)) {
					return null;
				}
				entries.add(new Entry(header.getKey(), header.getHasValue() ? header.getValue() : null));
			}
			catch (InvalidProtocolBufferException ex) {
				// A field of another protocol
			}
		}
		return Headers.ofAll(entries);
	}

	private static boolean hasGroup(Header header) {
		return header.getUnknownFields().asMap().values().stream().anyMatch((field) -> !field.getGroupList().isEmpty());
	}

	private static Any any(TypedValue value) {
		return any(value.getTypename(), value.getValue());
	}

	private static Any any(String type, ByteString value) {
		return Any.newBuilder().setTypeUrl(type).setValue(value).build();
	}

	private static List<String> address(dev.statefun.testwire.v2.Address address) {
		return List.of(address.getNamespace(), address.getType(), address.getId());
	}

	private static List<String> address(dev.statefun.testwire.v3.Address address) {
		return List.of(address.getNamespace(), address.getType(), address.getId());
	}

	// Three empty parts mean no caller
	private static List<String> caller(List<String> address) {
		return address.equals(List.of("", "", "")) ? List.of() : address;
	}

	/**
	 * A state.
	 *
	 * @param name its name
	 * @param present whether it has a value
	 * @param value the value, or {@code null} if it is absent or unreadable
	 * @param minimal whether the value has the size with which protobuf writes it, so
	 * that no number has more bytes than it needs
	 */
	record State(String name, boolean present, @Nullable Any value, boolean minimal) {

	}

	/**
	 * An invocation.
	 *
	 * @param caller the address, or nothing
	 * @param message the message
	 * @param hasValue whether the message has a value
	 * @param headers headers of the message, or {@code null} if they are written in
	 * another way than protobuf writes them
	 */
	record Invocation(List<String> caller, Any message, boolean hasValue, @Nullable Headers headers) {

		Invocation withoutHeaders() {
			return new Invocation(this.caller, this.message, this.hasValue, null);
		}

	}

}
