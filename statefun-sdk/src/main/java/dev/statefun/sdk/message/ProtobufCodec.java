package dev.statefun.sdk.message;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Protobuf messages, as their own bytes.
 *
 * @param <T> the generated message class
 */
final class ProtobufCodec<T extends Message> implements MessageCodec<T> {

	private final Class<T> type;

	private final Parser<? extends Message> parser;

	private final String typename;

	ProtobufCodec(Class<T> type, @Nullable String typename) {
		Message defaultInstance = defaultInstance(type);
		this.type = type;
		this.parser = defaultInstance.getParserForType();
		this.typename = (typename != null) ? typename
				: "type.googleapis.com/" + defaultInstance.getDescriptorForType().getFullName();
	}

	private static Message defaultInstance(Class<? extends Message> type) {
		try {
			return (Message) type.getMethod("getDefaultInstance").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException("'" + type.getName()
					+ "' is no generated protobuf message: it has no public static getDefaultInstance()", ex);
		}
	}

	@Override
	public Class<T> type() {
		return this.type;
	}

	@Override
	public String typename() {
		return this.typename;
	}

	@Override
	public boolean immutable() {
		return true;
	}

	@Override
	public boolean ignoresPrefix() {
		return true;
	}

	@Override
	public T decode(byte[] buffer, int offset, int length) throws InvalidProtocolBufferException {
		return this.type.cast(this.parser.parseFrom(buffer, offset, length));
	}

	@Override
	public byte[] encode(T value) {
		return value.toByteArray();
	}

}
