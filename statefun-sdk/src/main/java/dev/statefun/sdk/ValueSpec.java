package dev.statefun.sdk;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

import dev.statefun.sdk.message.GenericType;
import dev.statefun.sdk.message.InvalidDeclarationException;
import org.jspecify.annotations.Nullable;

/**
 * Declaration of a state: its name, the type of its value, and its expiration. Immutable.
 *
 * @param <T> type of the value
 * @since 0.1.0
 */
public final class ValueSpec<T> {

	/** Names under which Flink keeps its own states (protocol.md §4.4). */
	private static final Set<String> RESERVED = Set.of("batch", "request-state");

	/** Name of the state of {@link Timers}. */
	static final String TIMERS = "statefun_timers";

	private static final StateDeclarationReader READER = new StateDeclarationReader(ValueSpec::requirePlain);

	private final String name;

	private final Type type;

	private final Expiration expiration;

	private final @Nullable String typename;

	private ValueSpec(String name, Type type, Expiration expiration, @Nullable String typename) {
		this.name = name;
		this.type = type;
		this.expiration = expiration;
		this.typename = typename;
	}

	/**
	 * Declare a state that does not expire.
	 * @param <T> type of the value
	 * @param name name of the state; not blank, and none of {@code batch},
	 * {@code request-state} and {@code statefun_timers}, which are reserved
	 * @param type type of the value
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is not valid
	 */
	public static <T> ValueSpec<T> of(String name, Class<T> type) {
		return ofType(name, type);
	}

	/**
	 * Declare a state that does not expire, of a type that has type arguments.
	 * @param <T> type of the value
	 * @param name name of the state; not blank, and none of {@code batch},
	 * {@code request-state} and {@code statefun_timers}, which are reserved
	 * @param type type of the value
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is not valid
	 */
	public static <T> ValueSpec<T> of(String name, GenericType<T> type) {
		Objects.requireNonNull(type, "'type' must not be null");
		return ofType(name, type.type());
	}

	/**
	 * Declare a state that does not expire, of a type that is only known by reflection.
	 * @param <T> type of the value
	 * @param name name of the state; not blank, and none of {@code batch},
	 * {@code request-state} and {@code statefun_timers}, which are reserved
	 * @param type type of the value: a class, or a class with its type arguments
	 * @return the declaration
	 * @throws IllegalArgumentException if the name is not valid
	 */
	public static <T> ValueSpec<T> ofType(String name, Type type) {
		Objects.requireNonNull(name, "'name' must not be null");
		Objects.requireNonNull(type, "'type' must not be null");
		if (name.isBlank()) {
			throw new InvalidDeclarationException("The name of a state is blank", "Give the state a name", null);
		}
		if (RESERVED.contains(name)) {
			throw new InvalidDeclarationException(
					"State name '" + name + "' is used by the cluster itself, so the state would fail the job",
					"Choose another name for the state", null);
		}
		if (name.equals(TIMERS)) {
			throw new InvalidDeclarationException("State name '" + name + "' is reserved for named timers",
					"Choose another name for the state; to use timers, declare a parameter of the type Timers", null);
		}
		return new ValueSpec<>(name, type, Expiration.never(), null);
	}

	static <T> ValueSpec<T> reserved(String name, Class<T> type) {
		return new ValueSpec<>(name, type, Expiration.never(), null);
	}

	/**
	 * Return the states that a record declares. Placeholders in its annotations are not
	 * resolved.
	 * @param record a record whose components are all {@link PersistedValue}, with
	 * {@link Persisted @Persisted} where needed
	 * @return the declarations, in the order of the components
	 * @throws IllegalArgumentException if the record has other components, or a state is
	 * not valid
	 */
	public static List<ValueSpec<?>> allOf(Class<? extends Record> record) {
		return READER.states(Objects.requireNonNull(record, "'record' must not be null"));
	}

	/**
	 * Return the states that a record with type arguments declares. Placeholders in its
	 * annotations are not resolved.
	 * @param record a record whose components are all {@link PersistedValue}, with
	 * {@link Persisted @Persisted} where needed
	 * @return the declarations, in the order of the components
	 * @throws IllegalArgumentException if the record has other components, or a state is
	 * not valid
	 */
	public static List<ValueSpec<?>> allOf(GenericType<? extends Record> record) {
		return READER.states(Objects.requireNonNull(record, "'record' must not be null").type());
	}

	// Only a container can resolve placeholders, and does so for parameters of handlers
	private static String requirePlain(String text) {
		if (text.contains("${")) {
			throw new InvalidDeclarationException("'" + text + "' has a placeholder, which is not resolved here",
					"Write the text without one, or take the record as a parameter of a @Handler method", null);
		}
		return text;
	}

	/**
	 * Return a declaration with another expiration.
	 * @param expiration the expiration
	 * @return the declaration
	 */
	public ValueSpec<T> expire(Expiration expiration) {
		Objects.requireNonNull(expiration, "'expiration' must not be null");
		return new ValueSpec<>(this.name, this.type, expiration, this.typename);
	}

	/**
	 * Return a declaration that expires some time after the last write.
	 * @param timeToLive time to live; at least a millisecond
	 * @return the declaration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public ValueSpec<T> expireAfterWrite(Duration timeToLive) {
		return expire(Expiration.afterWrite(timeToLive));
	}

	/**
	 * Return a declaration that expires some time after the last call of the function.
	 * @param timeToLive time to live; at least a millisecond
	 * @return the declaration
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public ValueSpec<T> expireAfterCall(Duration timeToLive) {
		return expire(Expiration.afterCall(timeToLive));
	}

	/**
	 * Return a declaration with another type name on the wire, to take over a state that
	 * was written by another SDK. The bytes stay those of the type's mapping.
	 * @param typename the registered type name of the state, in the form
	 * {@code <namespace>/<name>} with exactly one {@code /} (protocol.md §4.1)
	 * @return the declaration
	 * @throws IllegalArgumentException if the name has another form
	 */
	public ValueSpec<T> typename(String typename) {
		Objects.requireNonNull(typename, "'typename' must not be null");
		int slash = typename.indexOf('/');
		if (slash <= 0 || slash == typename.length() - 1 || slash != typename.lastIndexOf('/')) {
			throw new InvalidDeclarationException(
					"State '" + this.name + "' has the type '" + typename + "', which would fail the job",
					"Give its type a name of the form '<namespace>/<name>', with exactly one '/'", null);
		}
		return new ValueSpec<>(this.name, this.type, this.expiration, typename);
	}

	/**
	 * Return the name of the state.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the type of the value.
	 * @return the Java type: a class, or a class with its type arguments
	 */
	public Type type() {
		return this.type;
	}

	/**
	 * Return the expiration of the state.
	 * @return the expiration
	 */
	public Expiration expiration() {
		return this.expiration;
	}

	/**
	 * Return the name of the type on the wire, if it differs from that of the mapping.
	 * @return the type name, or {@code null} for that of the mapping
	 */
	public @Nullable String typename() {
		return this.typename;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ValueSpec<?> that && this.name.equals(that.name) && this.type.equals(that.type)
				&& this.expiration.equals(that.expiration) && Objects.equals(this.typename, that.typename);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.name, this.type, this.expiration, this.typename);
	}

	@Override
	public String toString() {
		return "state '" + this.name + "' of type '" + this.type.getTypeName() + "'"
				+ ((this.typename != null) ? " as '" + this.typename + "'" : "")
				+ ((this.expiration.mode() != Expiration.Mode.NEVER) ? " expiring " + this.expiration.timeToLive() + " "
						+ this.expiration.mode().name().toLowerCase(Locale.ROOT).replace('_', ' ') : "");
	}

}
