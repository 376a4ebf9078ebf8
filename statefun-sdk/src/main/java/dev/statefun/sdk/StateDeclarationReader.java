package dev.statefun.sdk;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;

/**
 * Internal: may change in any release. Reads the states that {@link Persisted @Persisted}
 * annotations and records of {@link PersistedValue} components declare. Immutable.
 *
 * @since 0.1.0
 */
public final class StateDeclarationReader {

	private final UnaryOperator<String> textResolver;

	/**
	 * Create a reader.
	 * @param textResolver replaces placeholders in the texts of annotations
	 */
	public StateDeclarationReader(UnaryOperator<String> textResolver) {
		this.textResolver = Objects.requireNonNull(textResolver, "'textResolver' must not be null");
	}

	/**
	 * Return whether a class is a record that declares states, be it in a valid way or
	 * not. All other records are messages.
	 * @param type the class
	 * @return whether a component is a {@link PersistedValue} or annotated
	 */
	public static boolean isStateRecord(Class<?> type) {
		return type.isRecord() && Arrays.stream(type.getRecordComponents())
			.anyMatch((component) -> isState(component) || component.isAnnotationPresent(Persisted.class));
	}

	private static boolean isState(RecordComponent component) {
		return component.getType() == PersistedValue.class;
	}

	/**
	 * Read the states of a record.
	 * @param type the record: a class, or a class with its type arguments
	 * @return the state of each component; the same state may occur twice
	 * @throws InvalidDeclarationException if the type is no record of states, or a state
	 * is not valid
	 */
	public List<ValueSpec<?>> states(Type type) {
		Class<?> record = DeclaredTypes.classOf(type);
		RecordComponent[] components = componentsOf(record);
		DeclaredTypes types = DeclaredTypes.of(type);
		List<ValueSpec<?>> states = new ArrayList<>();
		for (RecordComponent component : components) {
			try {
				states.add(state(component, types));
			}
			catch (InvalidDeclarationException ex) {
				throw new InvalidDeclarationException(
						"Component '" + component.getName() + "' of record '" + record.getName() + "': " + ex.problem(),
						ex.action(), ex);
			}
		}
		return List.copyOf(states);
	}

	private static RecordComponent[] componentsOf(Class<?> record) {
		if (!isStateRecord(record)) {
			throw new InvalidDeclarationException("'" + record.getName() + "' declares no states",
					"Use a record whose components are all PersistedValue", null);
		}
		RecordComponent[] components = record.getRecordComponents();
		if (!Arrays.stream(components).allMatch(StateDeclarationReader::isState)) {
			List<String> found = Arrays.stream(components)
				.map((component) -> component.getType().getSimpleName() + " " + component.getName())
				.toList();
			throw new InvalidDeclarationException(
					"Record '" + record.getName() + "' declares states, but has other components too: " + found,
					"Declare every component as PersistedValue; a message has none, and no @Persisted", null);
		}
		return components;
	}

	private ValueSpec<?> state(RecordComponent component, DeclaredTypes types) {
		if (!(component.getGenericType() instanceof ParameterizedType type)) {
			throw new InvalidDeclarationException("it is a PersistedValue without a type argument",
					"Declare it as PersistedValue<T> with a type for T", null);
		}
		Type valueType = types.resolve(type.getActualTypeArguments()[0]);
		Persisted persisted = component.getAnnotation(Persisted.class);
		if (persisted == null) {
			return ValueSpec.ofType(component.getName(), valueType);
		}
		String name = persisted.value().isEmpty() ? component.getName() : this.textResolver.apply(persisted.value());
		return state(name, persisted, valueType);
	}

	/**
	 * Read the state of an annotation that has a name.
	 * @param persisted the annotation
	 * @param valueType type of the state's value
	 * @return the state
	 * @throws InvalidDeclarationException if the state is not valid
	 */
	public ValueSpec<?> state(Persisted persisted, Type valueType) {
		return state(this.textResolver.apply(persisted.value()), persisted, valueType);
	}

	private ValueSpec<?> state(String name, Persisted persisted, Type valueType) {
		ValueSpec<?> spec = ValueSpec.ofType(name, valueType);
		String afterWrite = this.textResolver.apply(persisted.expireAfterWrite());
		String afterCall = this.textResolver.apply(persisted.expireAfterCall());
		String typename = this.textResolver.apply(persisted.type());
		if (!afterWrite.isEmpty() && !afterCall.isEmpty()) {
			throw new InvalidDeclarationException(
					"State '" + spec.name() + "' has both 'expireAfterWrite' and 'expireAfterCall'", "Give one of them",
					null);
		}
		if (!afterWrite.isEmpty()) {
			spec = spec.expireAfterWrite(TimeToLive.parse(afterWrite));
		}
		if (!afterCall.isEmpty()) {
			spec = spec.expireAfterCall(TimeToLive.parse(afterCall));
		}
		return typename.isEmpty() ? spec : spec.typename(typename);
	}

}
