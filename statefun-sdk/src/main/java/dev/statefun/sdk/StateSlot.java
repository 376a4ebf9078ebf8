package dev.statefun.sdk;

import java.lang.invoke.MethodType;

import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;
import dev.statefun.sdk.protocol.Utf8;

/**
 * A declared state with all that is known about it before any request. Immutable.
 *
 * @param <T> type of the value
 */
final class StateSlot<T> {

	private final ValueSpec<T> spec;

	private final MessageMapping<T> mapping;

	private final String typename;

	private final byte[] name;

	private final byte[] typenameUtf8;

	private StateSlot(ValueSpec<T> spec, MessageMapping<T> mapping) {
		String typename = spec.typename();
		this.spec = spec;
		this.mapping = mapping;
		this.typename = (typename != null) ? typename : mapping.typename();
		this.name = Utf8.encode(spec.name());
		this.typenameUtf8 = Utf8.encode(this.typename);
		ValueSpec.requireStateTypename(spec.name(), this.typename);
	}

	static <T> StateSlot<T> of(ValueSpec<T> spec, MessageMappings mappings) {
		return new StateSlot<>(spec, mappings.of(spec.type()));
	}

	ValueSpec<T> spec() {
		return this.spec;
	}

	MessageMapping<T> mapping() {
		return this.mapping;
	}

	String typename() {
		return this.typename;
	}

	byte[] name() {
		return this.name;
	}

	byte[] typenameUtf8() {
		return this.typenameUtf8;
	}

	boolean isOf(Class<?> type) {
		return boxed(this.spec.type()) == boxed(type);
	}

	private static Class<?> boxed(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

}
