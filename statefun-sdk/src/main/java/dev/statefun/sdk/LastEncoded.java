package dev.statefun.sdk;

import dev.statefun.sdk.message.MessageCodec;
import org.jspecify.annotations.Nullable;

/**
 * Encodes values. An object that comes again right away is not encoded again, if its
 * codec allows that: what becomes the state is often sent too.
 */
final class LastEncoded {

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
	 * What a value was encoded to.
	 *
	 * @param value the value
	 * @param codec what has encoded it
	 * @param bytes its bytes
	 */
	private record Encoding(Object value, MessageCodec<?> codec, byte[] bytes) {

	}

}
