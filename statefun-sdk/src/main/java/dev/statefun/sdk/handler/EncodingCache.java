package dev.statefun.sdk.handler;

import dev.statefun.sdk.message.MessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the messages and states of one batch. Keeps the last encoding, because a value
 * that was stored is often sent right after.
 */
final class EncodingCache {

	private @Nullable Encoding last;

	<T> byte[] encode(MessageCodec<T> codec, T value) throws Exception {
		if (!codec.encodesOnce()) {
			return codec.encode(value);
		}
		Encoding last = this.last;
		if (last == null || last.value() != value || last.codec() != codec) {
			last = new Encoding(value, codec, codec.encode(value));
			this.last = last;
		}
		return last.bytes();
	}

	/**
	 * The bytes of a value.
	 *
	 * @param value the value
	 * @param codec the codec that encoded it
	 * @param bytes its bytes
	 */
	private record Encoding(Object value, MessageCodec<?> codec, byte[] bytes) {

	}

}
