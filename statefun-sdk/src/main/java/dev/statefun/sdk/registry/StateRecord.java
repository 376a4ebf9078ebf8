package dev.statefun.sdk.registry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * A record of states, resolved to a method handle that creates it from all states of its
 * function. Creation does not use reflection. Immutable.
 */
final class StateRecord {

	private static final MethodHandle STATE_AT = MethodHandles.arrayElementGetter(PersistedValue[].class);

	private final MethodHandle constructor;

	private StateRecord(MethodHandle constructor) {
		this.constructor = constructor;
	}

	/**
	 * Resolve a record.
	 * @param record class of the record
	 * @param positions position of each component among the states of the function
	 * @return the record
	 * @throws InvalidDeclarationException if the record can't be created
	 */
	static StateRecord of(Class<?> record, int[] positions) {
		MethodHandle handle = canonicalConstructor(record);
		for (int i = 0; i < positions.length; i++) {
			handle = MethodHandles.filterArguments(handle, i, stateAt(positions[i]));
		}
		return new StateRecord(MethodHandles.permuteArguments(handle,
				MethodType.methodType(Record.class, PersistedValue[].class), new int[positions.length]));
	}

	private static MethodHandle canonicalConstructor(Class<?> record) {
		Class<?>[] components = Arrays.stream(record.getRecordComponents())
			.map(RecordComponent::getType)
			.toArray(Class<?>[]::new);
		try {
			Constructor<?> constructor = record.getDeclaredConstructor(components);
			constructor.setAccessible(true);
			MethodHandle handle = MethodHandles.lookup().unreflectConstructor(constructor).asFixedArity();
			return handle.asType(handle.type().changeReturnType(Record.class));
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			throw new InvalidDeclarationException(
					"Record '" + record.getName() + "' can't be created: " + ex.getMessage(),
					"Make the record and its constructor accessible", ex);
		}
	}

	// Returns one of the states of a function
	static MethodHandle stateAt(int position) {
		return MethodHandles.insertArguments(STATE_AT, 1, position);
	}

	// Takes all states of the function
	MethodHandle constructor() {
		return this.constructor;
	}

	Record create(PersistedValue<?>[] states) {
		try {
			return (Record) this.constructor.invokeExact(states);
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Constructors of records throw no checked exceptions", ex);
		}
	}

}
