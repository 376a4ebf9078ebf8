package dev.statefun.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * Programmatic declaration of a function: its type, its states and whether it has timers.
 * Immutable.
 *
 * <pre class="code">
 * FunctionSpec.of("example/caller").state("count", Count.class).state("raw", Any.class)
 * </pre>
 *
 * @since 0.1.0
 */
public final class FunctionSpec {

	private final FunctionType type;

	private final List<ValueSpec<?>> states;

	private final boolean timers;

	private FunctionSpec(FunctionType type, List<ValueSpec<?>> states, boolean timers) {
		this.type = type;
		this.states = List.copyOf(states);
		this.timers = timers;
	}

	/**
	 * Declare a function without states.
	 * @param typename type of the function, in the form {@code <namespace>/<name>}
	 * @return the declaration
	 * @throws IllegalArgumentException if the name has another form
	 */
	public static FunctionSpec of(String typename) {
		return of(FunctionType.parse(typename));
	}

	/**
	 * Declare a function without states.
	 * @param type type of the function
	 * @return the declaration
	 */
	public static FunctionSpec of(FunctionType type) {
		return new FunctionSpec(Objects.requireNonNull(type, "'type' must not be null"), List.of(), false);
	}

	/**
	 * Return a declaration with one more state.
	 * @param name name of the state
	 * @param type type of its value
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is not valid or is taken already
	 */
	public FunctionSpec state(String name, Class<?> type) {
		return state(ValueSpec.of(name, type));
	}

	/**
	 * Return a declaration with one more state.
	 * @param name name of the state
	 * @param type type of its value
	 * @param expiration its expiration
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is not valid or is taken already
	 */
	public FunctionSpec state(String name, Class<?> type, Expiration expiration) {
		return state(ValueSpec.of(name, type).expire(expiration));
	}

	/**
	 * Return a declaration with one more state, of a type that has type arguments.
	 * @param name name of the state
	 * @param type type of its value
	 * @param typename name of its type, in the form {@code <namespace>/<name>}
	 * @return the declaration
	 * @throws IllegalArgumentException if a name is not valid or is taken already
	 */
	public FunctionSpec state(String name, GenericType<?> type, String typename) {
		return state(ValueSpec.of(name, type).typename(typename));
	}

	/**
	 * Return a declaration with one more state.
	 * @param state the state
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is taken already
	 */
	public FunctionSpec state(ValueSpec<?> state) {
		if (find(state.name()) != null) {
			throw new InvalidDeclarationException(
					"Function '" + this.type + "' declares state '" + state.name() + "' twice",
					"Give one of the states another name", null);
		}
		return with(state);
	}

	/**
	 * Return a declaration with the states of a record, which
	 * {@link Context#states(Class)} returns. A state that is declared already in the same
	 * way is not added again. Placeholders in annotations are not resolved.
	 * @param record a record whose components are all {@link PersistedValue}, with
	 * {@link Persisted @Persisted} where needed
	 * @return the declaration
	 * @throws IllegalArgumentException if the record has other components, a state is not
	 * valid, or its name is taken by a different one
	 */
	public FunctionSpec states(Class<? extends Record> record) {
		return states(ValueSpec.allOf(record));
	}

	/**
	 * Return a declaration with the states of a record that has type arguments, which
	 * {@link Context#states(GenericType)} returns. A state that is declared already in
	 * the same way is not added again. Placeholders in annotations are not resolved.
	 * @param record a record whose components are all {@link PersistedValue}, with
	 * {@link Persisted @Persisted} where needed
	 * @return the declaration
	 * @throws IllegalArgumentException if the record has other components, a state is not
	 * valid, or its name is taken by a different one
	 */
	public FunctionSpec states(GenericType<? extends Record> record) {
		return states(ValueSpec.allOf(record));
	}

	private FunctionSpec states(List<ValueSpec<?>> states) {
		FunctionSpec extended = this;
		for (ValueSpec<?> state : states) {
			ValueSpec<?> declared = extended.find(state.name());
			if (declared == null) {
				extended = extended.with(state);
			}
			else if (!declared.equals(state)) {
				throw new InvalidDeclarationException(
						"Function '" + this.type + "' declares state '" + state.name() + "' in two ways, as " + declared
								+ " and as " + state,
						"Declare it in the same way everywhere, or give one of the states another name", null);
			}
		}
		return extended;
	}

	private @Nullable ValueSpec<?> find(String name) {
		return this.states.stream().filter((state) -> state.name().equals(name)).findFirst().orElse(null);
	}

	private FunctionSpec with(ValueSpec<?> state) {
		List<ValueSpec<?>> extended = new ArrayList<>(this.states);
		extended.add(state);
		return new FunctionSpec(this.type, extended, this.timers);
	}

	/**
	 * Return a declaration with timers, which {@link Timers#of} returns. They are kept in
	 * a state that {@link #states()} does not include.
	 * @return the declaration
	 */
	public FunctionSpec timers() {
		return new FunctionSpec(this.type, this.states, true);
	}

	/**
	 * Return whether the function has timers.
	 * @return whether {@link #timers()} was called
	 */
	public boolean hasTimers() {
		return this.timers;
	}

	/**
	 * Return the type of the function.
	 * @return the type
	 */
	public FunctionType type() {
		return this.type;
	}

	/**
	 * Return the states, in the order of their declaration.
	 * @return the states
	 */
	public List<ValueSpec<?>> states() {
		return this.states;
	}

}
