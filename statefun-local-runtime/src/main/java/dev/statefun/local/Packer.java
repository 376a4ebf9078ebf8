package dev.statefun.local;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.statefun.sdk.failure.CauseChain;
import dev.statefun.sdk.message.MessageMapping;
import dev.statefun.sdk.message.MessageMappings;

/**
 * Encodes values of mapped types as messages.
 */
final class Packer {

	private final MessageMappings mappings;

	Packer(MessageMappings mappings) {
		this.mappings = mappings;
	}

	Any pack(Object message) {
		return (message instanceof Any any) ? any : pack(this.mappings.of(message.getClass()), message);
	}

	@SuppressWarnings("unchecked")
	static <T> Any pack(MessageMapping<T> mapping, Object message) {
		try {
			return Any.newBuilder()
				.setTypeUrl(mapping.typename())
				.setValue(ByteString.copyFrom(mapping.codec().encode((T) message)))
				.build();
		}
		catch (Exception ex) {
			throw new IllegalArgumentException("A value of type '" + message.getClass().getName()
					+ "' can't be encoded: " + CauseChain.messageOf(ex), ex);
		}
	}

}
