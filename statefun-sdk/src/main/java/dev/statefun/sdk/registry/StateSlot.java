package dev.statefun.sdk.registry;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;

import dev.statefun.sdk.FunctionType;
import dev.statefun.sdk.ValueSpec;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Utf8;

/**
 * Internal: may change in any release. A declared state of a function, resolved for
 * reading and writing. Immutable.
 *
 * @param <T> type of the value
 * @since 0.1.0
 */
public final class StateSlot<T> {

	private final FunctionType function;

	private final ValueSpec<T> spec;

	private final MessageMapping<T> mapping;

	private final byte[] name;

	private StateSlot(FunctionType function, ValueSpec<T> spec, MessageMapping<T> mapping) {
		this.function = function;
		this.spec = spec;
		this.mapping = mapping;
		this.name = Utf8.encode(spec.name());
		// Refuses a type name that would fail the job
		spec.typename(mapping.typename());
	}

	/**
	 * Resolve a state.
	 * @param <T> type of the value
	 * @param function type of the function
	 * @param spec declaration of the state
	 * @param mappings mappings of the registry
	 * @return the state
	 * @throws InvalidDeclarationException if the type of the value has no mapping
	 */
	@SuppressWarnings("unchecked")
	public static <T> StateSlot<T> of(FunctionType function, ValueSpec<T> spec, MessageMappings mappings) {
		String typename = spec.typename();
		return new StateSlot<>(function, spec, (MessageMapping<T>) ((typename != null)
				? mappings.of(spec.type(), typename) : mappings.of(spec.type())));
	}

	/**
	 * Return the function that the state belongs to.
	 * @return its type
	 */
	public FunctionType function() {
		return this.function;
	}

	/**
	 * Return the declaration of the state.
	 * @return the declaration
	 */
	public ValueSpec<T> spec() {
		return this.spec;
	}

	/**
	 * Return the mapping of the value.
	 * @return the mapping
	 */
	public MessageMapping<T> mapping() {
		return this.mapping;
	}

	/**
	 * Return the type name of the value.
	 * @return the type name
	 */
	public String typename() {
		return this.mapping.typename();
	}

	/**
	 * Return the name of the state.
	 * @return the name in UTF-8, not to be changed
	 */
	public byte[] name() {
		return this.name;
	}

	/**
	 * Return the type name of the value.
	 * @return the type name in UTF-8, not to be changed
	 */
	public byte[] typenameUtf8() {
		return this.mapping.typenameUtf8();
	}

	/**
	 * Return whether the state is declared with a Java type. A class matches all its type
	 * arguments, and a primitive type its wrapper.
	 * @param type the Java type
	 * @return whether the state can be used as that type
	 */
	public boolean isOf(Type type) {
		Type declared = this.spec.type();
		return declared.equals(type)
				|| type instanceof Class<?> other && boxed(DeclaredTypes.classOf(declared)) == boxed(other);
	}

	private static Class<?> boxed(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

}
