package dev.statefun.sdk.handler;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import com.google.protobuf.Any;
import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.listener.BatchReport;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.protocol.BatchRequest;
import dev.statefun.sdk.protocol.Dialect;
import dev.statefun.sdk.protocol.ReplyWriter;
import dev.statefun.sdk.registry.RegisteredFunction;
import dev.statefun.sdk.registry.StateSlot;
import org.jspecify.annotations.Nullable;

/**
 * States of one function instance during one batch. A class and not an interface, as
 * every batch uses it.
 */
class BatchStates implements ValueEncoder {

	private static final StateCell<?>[] NONE = {};

	private static final PersistedValue<?>[] NO_VALUES = {};

	private final RegisteredFunction function;

	private final BatchRequest request;

	/**
	 * A value that was stored is often sent right after, and need not be encoded again.
	 */
	private @Nullable Encoding last;

	private final StateCell<?>[] declared;

	/**
	 * States of a 2.x cluster that only {@code module.yaml} declares, by name. Guarded by
	 * this.
	 */
	private @Nullable Map<String, StateCell<Any>> undeclared;

	/**
	 * Create the states.
	 * @param function the function
	 * @param request the request
	 * @param entries position in the request of each declared state
	 */
	BatchStates(RegisteredFunction function, BatchRequest request, int[] entries) {
		this.function = function;
		this.request = request;
		this.declared = (entries.length == 0) ? NONE : new StateCell<?>[entries.length];
		for (int i = 0; i < entries.length; i++) {
			this.declared[i] = new StateCell<>(request, this, function.slots().get(i), entries[i]);
		}
	}

	final StateCell<?> cell(int position) {
		return this.declared[position];
	}

	// Null if the function has no timers
	@Nullable BatchTimers timers() {
		return null;
	}

	// Whether a message is for the function, and not that of a timer that was replaced
	boolean receive(int invocation) {
		return true;
	}

	// Fails if what the current message adds at the end of the reply is too large
	void requireRoom(BatchEffects effects) {
	}

	void mark() {
		for (StateCell<?> state : this.declared) {
			state.mark();
		}
		if (this.undeclared != null) {
			copyOfUndeclared().forEach(StateCell::mark);
		}
	}

	void rollBack() {
		for (StateCell<?> state : this.declared) {
			state.rollBack();
		}
		if (this.undeclared != null) {
			copyOfUndeclared().forEach(StateCell::rollBack);
		}
	}

	void writeTo(ReplyWriter reply) {
		for (StateCell<?> state : this.declared) {
			state.writeTo(reply);
		}
		if (this.undeclared != null) {
			copyOfUndeclared().forEach((state) -> state.writeTo(reply));
		}
	}

	void reportTo(BatchReport.StateSize consumer) {
		for (StateCell<?> state : this.declared) {
			state.reportTo(consumer);
		}
	}

	void forEachCell(Consumer<StateCell<?>> consumer) {
		for (StateCell<?> state : this.declared) {
			consumer.accept(state);
		}
		copyOfUndeclared().forEach(consumer);
	}

	private synchronized List<StateCell<Any>> copyOfUndeclared() {
		return (this.undeclared != null) ? List.copyOf(this.undeclared.values()) : List.of();
	}

	// The declared states, bound to one invocation
	PersistedValue<?>[] valuesIn(BatchEffects effects, RunningInvocation invocation) {
		if (this.declared.length == 0) {
			return NO_VALUES;
		}
		PersistedValue<?>[] values = new PersistedValue<?>[this.declared.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = new InvocationState<>(effects, invocation, this.declared[i]);
		}
		return values;
	}

	@SuppressWarnings("unchecked")
	<T> PersistedValue<T> valueIn(BatchEffects effects, RunningInvocation invocation, String name, Type type) {
		StateCell<?> state = find(name);
		if (state == null) {
			return undeclaredIn(effects, invocation, name, type);
		}
		if (state.slot().isOf(type)) {
			return new InvocationState<>(effects, invocation, (StateCell<T>) state);
		}
		if (type == Any.class) {
			return (PersistedValue<T>) new RawState(effects, invocation, state);
		}
		throw new IllegalStateException("State '" + name + "' of function '" + functionType() + "' was asked for as a '"
				+ type.getTypeName() + "', but is declared as a '" + state.slot().spec().type().getTypeName() + "'");
	}

	private @Nullable StateCell<?> find(String name) {
		for (StateCell<?> state : this.declared) {
			if (state.slot().spec().name().equals(name)) {
				return state;
			}
		}
		return null;
	}

	// A state that only module.yaml declares has no known type: it is kept in its raw
	// form, and unpacked as the requested type
	@SuppressWarnings("unchecked")
	private <T> PersistedValue<T> undeclaredIn(BatchEffects effects, RunningInvocation invocation, String name,
			Type type) {
		StateCell<Any> state = requested(name, type);
		PersistedValue<Any> raw = new InvocationState<>(effects, invocation, state);
		return (type == Any.class) ? (PersistedValue<T>) raw
				: new UnpackedState<>(raw, state, (MessageMapping<T>) this.function.mappings().of(type));
	}

	private synchronized StateCell<Any> requested(String name, Type type) {
		StateCell<Any> known = (this.undeclared != null) ? this.undeclared.get(name) : null;
		if (known != null) {
			return known;
		}
		for (int i = 0; this.request.dialect() == Dialect.V2 && i < this.request.stateCount(); i++) {
			if (this.request.stateName(i).equals(name)) {
				StateSlot<Any> slot = StateSlot.of(functionType(), ValueSpec.of(name, Any.class),
						this.function.mappings());
				StateCell<Any> state = new StateCell<>(this.request, this, slot, i);
				if (this.undeclared == null) {
					this.undeclared = new LinkedHashMap<>();
				}
				this.undeclared.put(name, state);
				return state;
			}
		}
		String simpleName = DeclaredTypes.classOf(type).getSimpleName();
		List<String> declared = new ArrayList<>();
		this.function.slots().forEach((slot) -> declared.add(slot.spec().name()));
		throw new IllegalStateException(
				"Function '" + functionType() + "' has no state '" + name + "'; declared are " + declared + ". "
						+ ((this.request.dialect() == Dialect.V3)
								? "Add a parameter @Persisted(\"" + name + "\") PersistedValue<" + simpleName
										+ "> to a handler, or state(\"" + name + "\", " + simpleName
										+ ".class) to its FunctionSpec"
								: MissingStates.moduleLines(functionType(), List.of(name))));
	}

	private FunctionType functionType() {
		return this.function.type();
	}

	@Override
	public <T> byte[] encode(MessageCodec<T> codec, T value) throws Exception {
		if (!codec.encodesOnce()) {
			return codec.encode(value);
		}
		Encoding last = this.last;
		if (last == null || last.value() != value || last.codec() != codec) {
			last = new Encoding(value, codec, codec.encode(value));
			this.last = last;
		}
		return last.bytes();
	}

	/**
	 * The bytes of a value.
	 *
	 * @param value the value
	 * @param codec the codec that encoded it
	 * @param bytes its bytes
	 */
	private record Encoding(Object value, MessageCodec<?> codec, byte[] bytes) {

	}

}
