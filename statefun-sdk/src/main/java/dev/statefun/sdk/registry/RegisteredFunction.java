package dev.statefun.sdk.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.BytesTable;
import dev.statefun.sdk.protocol.Utf8;
import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;

/**
 * Internal: may change in any release. A function of the registry, ready for invocation.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class RegisteredFunction {

	private final FunctionType type;

	private final int nameLength;

	private final String origin;

	private final FunctionInvoker invoker;

	private final List<StateSlot<?>> slots;

	private final BytesTable<Integer> slotByName;

	/** Position of the state with the timers, or -1. */
	private final int timers;

	private final StateRecords stateRecords;

	private final MessageMappings mappings;

	RegisteredFunction(FunctionType type, FunctionSource function, FunctionInvoker invoker, List<ValueSpec<?>> states,
			MessageMappings mappings) {
		this.type = type;
		this.nameLength = Utf8.length(type.name());
		this.origin = function.origin();
		this.invoker = invoker;
		List<StateSlot<?>> slots = new ArrayList<>();
		Map<String, Integer> slotByName = new HashMap<>();
		for (ValueSpec<?> state : states) {
			slotByName.put(state.name(), slots.size());
			slots.add(slot(type, this.origin, state, mappings));
		}
		this.slots = List.copyOf(slots);
		this.slotByName = new BytesTable<>(slotByName);
		this.timers = states.indexOf(PendingTimers.STATE);
		this.stateRecords = new StateRecords(type, states, function::resolve);
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

	/**
	 * Return the type of the function.
	 * @return the type
	 */
	public FunctionType type() {
		return this.type;
	}

	// Number of bytes of the name in UTF-8, without the namespace
	int nameLength() {
		return this.nameLength;
	}

	String origin() {
		return this.origin;
	}

	/**
	 * Return the invoker of the function's handlers.
	 * @return the invoker
	 */
	public FunctionInvoker invoker() {
		return this.invoker;
	}

	/**
	 * Return the declared states.
	 * @return the states, in the order of their declaration
	 */
	public List<StateSlot<?>> slots() {
		return this.slots;
	}

	/**
	 * Return the positions of the declared states.
	 * @return positions in {@link #slots()}, by name of the state
	 */
	public BytesTable<Integer> slotByName() {
		return this.slotByName;
	}

	/**
	 * Return the position of the state with the function's timers.
	 * @return position in {@link #slots()}, or -1 if the function has no timers
	 */
	public int timers() {
		return this.timers;
	}

	/**
	 * Return the records of the declared states.
	 * @return the records
	 */
	public StateRecords stateRecords() {
		return this.stateRecords;
	}

	/**
	 * Return the mappings of the function's messages and states.
	 * @return the mappings
	 */
	public MessageMappings mappings() {
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
