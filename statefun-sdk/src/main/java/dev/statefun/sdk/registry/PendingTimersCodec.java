package dev.statefun.sdk.registry;

import java.lang.reflect.Type;

import dev.statefun.sdk.PendingTimers;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.protocol.TimerFields;
import dev.statefun.sdk.schema.ScalarKind;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * Codec of the state with the pending timers, whose form is that of a protobuf message.
 */
final class PendingTimersCodec implements MessageCodec<PendingTimers>, MessageCodecFactory {

	@Override
	public @Nullable MessageCodec<?> codecFor(Type type) {
		return (type == PendingTimers.class) ? this : null;
	}

	@Override
	public Type type() {
		return PendingTimers.class;
	}

	@Override
	public String typename() {
		return PendingTimers.TYPENAME;
	}

	@Override
	public boolean immutable() {
		return true;
	}

	@Override
	public ValueSchema schema(SchemaDefinitions definitions) {
		return new ValueSchema.Named(PendingTimers.TYPENAME, ScalarKind.BINARY);
	}

	@Override
	public PendingTimers decode(byte[] buffer, int offset, int length) {
		return new PendingTimers(TimerFields.readNonces(buffer, offset, length));
	}

	@Override
	public byte[] encode(PendingTimers value) {
		return TimerFields.encodeNonces(value.nonces());
	}

}
