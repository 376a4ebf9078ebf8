package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionDescriptor.StateDescriptor;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.BytesTable;
import dev.statefun.sdk.protocol.Utf8;

/**
 * A function as it is served. Immutable.
 */
final class RegisteredFunction {

	private final FunctionType type;

	private final int nameLength;

	private final String origin;

	private final FunctionInvoker invoker;

	private final List<StateSlot<?>> slots;

	private final BytesTable<Integer> slotByName;

	private final MessageMappings mappings;

	RegisteredFunction(FunctionType type, String origin, FunctionInvoker invoker, List<ValueSpec<?>> states,
			MessageMappings mappings) {
		this.type = type;
		this.nameLength = Utf8.length(type.name());
		this.origin = origin;
		this.invoker = invoker;
		List<StateSlot<?>> slots = new ArrayList<>();
		Map<String, Integer> slotByName = new HashMap<>();
		for (ValueSpec<?> state : states) {
			slotByName.put(state.name(), slots.size());
			slots.add(slot(type, origin, state, mappings));
		}
		this.slots = List.copyOf(slots);
		this.slotByName = new BytesTable<>(slotByName);
		this.mappings = mappings;
	}

	private static StateSlot<?> slot(FunctionType type, String origin, ValueSpec<?> state, MessageMappings mappings) {
		try {
			return StateSlot.of(type, state, mappings);
		}
		catch (InvalidDeclarationException ex) {
			throw InvalidFunctionException.of(origin, "state '" + state.name() + "'", ex);
		}
	}

	FunctionType type() {
		return this.type;
	}

	// Number of bytes of the type's name, without the namespace
	int nameLength() {
		return this.nameLength;
	}

	String origin() {
		return this.origin;
	}

	FunctionInvoker invoker() {
		return this.invoker;
	}

	List<StateSlot<?>> slots() {
		return this.slots;
	}

	BytesTable<Integer> slotByName() {
		return this.slotByName;
	}

	// The types of its messages and states
	MessageMappings mappings() {
		return this.mappings;
	}

	FunctionDescriptor describe() {
		List<StateDescriptor> states = this.slots.stream()
			.map((slot) -> new StateDescriptor(slot.spec().name(), slot.typename(), slot.spec().type(),
					slot.spec().expiration()))
			.toList();
		return new FunctionDescriptor(this.type, this.origin, this.invoker.handlers(), states);
	}

}
