package dev.statefun.sdk;

import java.lang.invoke.MethodType;
import java.lang.reflect.Type;

import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Utf8;

/**
 * A declared state with all that is known about it before any request. Immutable.
 *
 * @param <T> type of the value
 */
final class StateSlot<T> {

	private final FunctionType function;

	private final ValueSpec<T> spec;

	private final MessageMapping<T> mapping;

	private final byte[] name;

	private StateSlot(FunctionType function, ValueSpec<T> spec, MessageMapping<T> mapping) {
		this.function = function;
		this.spec = spec;
		this.mapping = mapping;
		this.name = Utf8.encode(spec.name());
		ValueSpec.requireStateTypename(spec.name(), mapping.typename());
	}

	@SuppressWarnings("unchecked")
	static <T> StateSlot<T> of(FunctionType function, ValueSpec<T> spec, MessageMappings mappings) {
		String typename = spec.typename();
		return new StateSlot<>(function, spec, (MessageMapping<T>) ((typename != null)
				? mappings.of(spec.type(), typename) : mappings.of(spec.type())));
	}

	FunctionType function() {
		return this.function;
	}

	ValueSpec<T> spec() {
		return this.spec;
	}

	MessageMapping<T> mapping() {
		return this.mapping;
	}

	String typename() {
		return this.mapping.typename();
	}

	byte[] name() {
		return this.name;
	}

	byte[] typenameUtf8() {
		return this.mapping.typenameUtf8();
	}

	// A class stands for itself with any type arguments
	boolean isOf(Type type) {
		Type declared = this.spec.type();
		return declared.equals(type)
				|| type instanceof Class<?> other && boxed(DeclaredTypes.classOf(declared)) == boxed(other);
	}

	private static Class<?> boxed(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

}
