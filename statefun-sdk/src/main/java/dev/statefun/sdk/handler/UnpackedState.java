package dev.statefun.sdk.handler;

import java.util.Optional;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.PersistedValue;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.protocol.Printable;

/**
 * A state that is kept in its raw form, accessed as the requested type.
 *
 * @param <T> type of the value
 */
final class UnpackedState<T> implements PersistedValue<T> {

	private final PersistedValue<Any> raw;

	private final StateCell<Any> state;

	private final MessageMapping<T> mapping;

	UnpackedState(PersistedValue<Any> raw, StateCell<Any> state, MessageMapping<T> mapping) {
		this.raw = raw;
		this.state = state;
		this.mapping = mapping;
	}

	@Override
	public Optional<T> get() {
		return this.raw.get().map(this::unpack);
	}

	private T unpack(Any any) {
		if (!this.mapping.accepts(any.getTypeUrl())) {
			throw this.state.unreadableValue(this.mapping.typename(), " holds a value of the type '"
					+ Printable.of(any.getTypeUrl()) + "'; expected '" + this.mapping.typename() + "'", null);
		}
		byte[] bytes = any.getValue().toByteArray();
		return this.state.decode(this.mapping.codec(), this.mapping.typename(), bytes, 0, bytes.length);
	}

	@Override
	public void set(T value) {
		if (value == null) {
			throw this.state.setToNull();
		}
		byte[] bytes = this.state.encode(this.mapping.codec(), this.mapping.typename(), value);
		this.raw.set(Any.newBuilder().setTypeUrl(this.mapping.typename()).setValue(ByteString.copyFrom(bytes)).build());
	}

	@Override
	public void remove() {
		this.raw.remove();
	}

}
