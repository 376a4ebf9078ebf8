package dev.statefun.sdk.message;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.RuntimeVersion.ProtobufRuntimeVersionException;
import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;
import org.jspecify.annotations.Nullable;

/**
 * Codec of protobuf messages.
 *
 * @param <T> the generated message class
 */
final class ProtobufCodec<T extends Message> implements MessageCodec<T> {

	private final Class<T> type;

	private final Descriptor descriptor;

	private final Parser<? extends Message> parser;

	private final String typename;

	private final Set<String> aliases;

	private final Set<String> names;

	// The first name is written; without any, it is that of the message
	ProtobufCodec(Class<T> type, List<String> typenames) {
		Message defaultInstance = defaultInstance(type);
		this.type = type;
		this.descriptor = defaultInstance.getDescriptorForType();
		this.parser = defaultInstance.getParserForType();
		String fullName = this.descriptor.getFullName();
		this.typename = typenames.isEmpty() ? "type.googleapis.com/" + fullName : typenames.get(0);
		this.aliases = typenames.stream().skip(1).collect(Collectors.toUnmodifiableSet());
		this.names = Stream
			.concat(typenames.stream().map((name) -> name.substring(name.lastIndexOf('/') + 1)), Stream.of(fullName))
			.collect(Collectors.toUnmodifiableSet());
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
		catch (ExceptionInInitializerError ex) {
			if (ex.getCause() instanceof ProtobufRuntimeVersionException versions) {
				throw new InvalidDeclarationException(
						"'" + type.getName() + "' can't be loaded: " + withoutFullStop(versions.getMessage()),
						"Generate it with the protoc of the protobuf-java version that runs here, or run the version of "
								+ "protobuf-java that it was generated for",
						versions);
			}
			throw ex;
		}
	}

	private static String withoutFullStop(@Nullable String text) {
		return (text != null && text.endsWith(".")) ? text.substring(0, text.length() - 1) : String.valueOf(text);
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
	public Set<String> aliases() {
		return this.aliases;
	}

	@Override
	public boolean immutable() {
		return true;
	}

	@Override
	public boolean encodesOnce() {
		return true;
	}

	// The message's own name, even if it has another: earlier releases do not know that
	@Override
	public Set<String> unqualifiedNames() {
		return this.names;
	}

	@Override
	public ValueSchema schema(SchemaDefinitions definitions) {
		return ProtobufSchemas.describe(this.descriptor, definitions);
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
