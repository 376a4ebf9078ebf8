package dev.statefun.sdk.message;

import java.util.Set;

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

	private final Set<String> names;

	ProtobufCodec(Class<T> type, @Nullable String typename) {
		Message defaultInstance = defaultInstance(type);
		this.type = type;
		this.parser = defaultInstance.getParserForType();
		String fullName = defaultInstance.getDescriptorForType().getFullName();
		this.typename = (typename != null) ? typename : "type.googleapis.com/" + fullName;
		String name = this.typename.substring(this.typename.lastIndexOf('/') + 1);
		this.names = name.equals(fullName) ? Set.of(name) : Set.of(name, fullName);
	}

	private static Message defaultInstance(Class<? extends Message> type) {
		try {
			return (Message) type.getMethod("getDefaultInstance").invoke(null);
		}
		catch (ReflectiveOperationException ex) {
			throw new InvalidDeclarationException(
					"'" + type.getName()
							+ "' is no generated protobuf message: it has no public static getDefaultInstance()",
					"Use a class that protoc has generated", ex);
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
	public boolean encodesOnce() {
		return true;
	}

	// Under its own name even if it has been given another: who has written a message or
	// a
	// state before does not know the new one
	@Override
	public Set<String> namesUnderAnyPrefix() {
		return this.names;
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
