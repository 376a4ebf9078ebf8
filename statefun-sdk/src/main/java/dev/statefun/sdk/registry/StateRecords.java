package dev.statefun.sdk.registry;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.StateDeclarationReader;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Internal: may change in any release. Records of the states of one function, resolved
 * when they are first asked for. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StateRecords {

	private final FunctionType function;

	private final List<ValueSpec<?>> declared;

	private final StateDeclarationReader reader;

	private final Map<Type, StateRecord> records = new ConcurrentHashMap<>();

	StateRecords(FunctionType function, List<ValueSpec<?>> declared, UnaryOperator<String> textResolver) {
		this.function = function;
		this.declared = List.copyOf(declared);
		this.reader = new StateDeclarationReader(textResolver);
	}

	/**
	 * Create a record.
	 * @param type its type: a class, or a class with its type arguments
	 * @param states all states of the function, in the order of their declaration
	 * @return the record
	 * @throws InvalidDeclarationException if the type is no record of states
	 * @throws IllegalStateException if the function does not declare its states
	 */
	public Record create(Type type, PersistedValue<?>[] states) {
		StateRecord record = this.records.get(type);
		if (record == null) {
			record = resolve(type);
			this.records.put(type, record);
		}
		return record.create(states);
	}

	private StateRecord resolve(Type type) {
		Class<?> record = DeclaredTypes.classOf(type);
		int[] positions = this.reader.states(type).stream().mapToInt((state) -> position(state, record)).toArray();
		return StateRecord.of(record, positions);
	}

	private int position(ValueSpec<?> state, Class<?> record) {
		int position = this.declared.indexOf(state);
		if (position < 0) {
			throw new IllegalStateException("Function '" + this.function + "' was asked for the record '"
					+ record.getName() + "', but does not declare its " + state + "; declared are " + this.declared
					+ ". Add a parameter of the record to a handler, or states(" + record.getSimpleName()
					+ ".class) to its FunctionSpec");
		}
		return position;
	}

}
