package dev.statefun.sdk.message;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;

/**
 * A codec that consists of two functions.
 *
 * @param <T> the Java type
 */
final class FunctionalCodec<T> implements MessageCodec<T> {

	private final Class<T> type;

	private final String typename;

	private final Encoder<? super T> encoder;

	private final Decoder<? extends T> decoder;

	FunctionalCodec(Class<T> type, String typename, Encoder<? super T> encoder, Decoder<? extends T> decoder) {
		this.type = type;
		this.typename = typename;
		this.encoder = encoder;
		this.decoder = decoder;
	}

	@Override
	public Type type() {
		return this.type;
	}

	@Override
	public String typename() {
		return this.typename;
	}

	@Override
	public boolean immutable() {
		return false;
	}

	@Override
	public T decode(byte[] buffer, int offset, int length) throws Exception {
		T value = this.decoder.decode(Arrays.copyOfRange(buffer, offset, offset + length));
		return Objects.requireNonNull(value, "The decoder of '" + this.typename + "' has returned null");
	}

	@Override
	public byte[] encode(T value) throws Exception {
		byte[] bytes = this.encoder.encode(value);
		return Objects.requireNonNull(bytes, "The encoder of '" + this.typename + "' has returned null");
	}

}
