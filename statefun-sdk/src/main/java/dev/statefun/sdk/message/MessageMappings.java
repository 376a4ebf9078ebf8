package dev.statefun.sdk.message;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * The message types of one registry of functions. A mapping is made when its type is
 * first asked for, and kept as long as the registry is: nothing here is static, so a
 * class loader that is thrown away takes its types with it.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageMappings {

	private final List<MessageCodecFactory> factories;

	private final Map<Class<? extends Message>, String> protobufTypenames;

	private final Map<Class<?>, MessageMapping<?>> mappings = new ConcurrentHashMap<>();

	/**
	 * Create the message types of a registry.
	 * @param factories the factories to ask before the built-in types, in this order
	 * @param protobufTypenames type names of the protobuf messages that don't travel
	 * under {@code type.googleapis.com/<full name>}
	 */
	public MessageMappings(List<MessageCodecFactory> factories,
			Map<Class<? extends Message>, String> protobufTypenames) {
		this.factories = List.copyOf(factories);
		this.protobufTypenames = Map.copyOf(protobufTypenames);
	}

	/**
	 * Return the mapping of a Java type: by the registered factories, or else a protobuf
	 * message, {@link Any}, a primitive type or {@code String}.
	 * @param <T> the Java type
	 * @param type the Java type; a primitive class counts as its wrapper
	 * @return its mapping
	 * @throws UnmappedTypeException if nobody knows how to map the type
	 * @throws IllegalArgumentException if the name of the message type is not of the form
	 * {@code <namespace>/<name>}
	 */
	@SuppressWarnings("unchecked")
	public <T> MessageMapping<T> of(Class<T> type) {
		Objects.requireNonNull(type, "'type' must not be null");
		MessageMapping<?> mapping = this.mappings.get(type);
		if (mapping == null) {
			mapping = this.mappings.computeIfAbsent(type, this::create);
		}
		return (MessageMapping<T>) mapping;
	}

	/**
	 * Return the mappings made so far that take values of a message type, for tools that
	 * show messages: functions have one for every type that they handle, keep or have
	 * sent.
	 * @param typename name of the message type
	 * @return the mappings, ordered by the names of their Java types; several if they
	 * share the message type
	 */
	public List<MessageMapping<?>> accepting(String typename) {
		Objects.requireNonNull(typename, "'typename' must not be null");
		return this.mappings.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().accepts(typename))
			.sorted(Comparator.comparing((entry) -> entry.getKey().getName()))
			.<MessageMapping<?>>map(Map.Entry::getValue)
			.toList();
	}

	private MessageMapping<?> create(Class<?> type) {
		for (MessageCodecFactory factory : this.factories) {
			MessageCodec<?> codec = factory.codecFor(type);
			if (codec != null) {
				return new MessageMapping<>(codec);
			}
		}
		MessageCodec<?> codec = PrimitiveCodec.forType(type);
		if (codec == null) {
			codec = protobuf(type);
		}
		if (codec == null) {
			throw new UnmappedTypeException(type);
		}
		return new MessageMapping<>(codec);
	}

	private @Nullable MessageCodec<?> protobuf(Class<?> type) {
		if (!Message.class.isAssignableFrom(type)) {
			return null;
		}
		Class<? extends Message> message = type.asSubclass(Message.class);
		return new ProtobufCodec<>(message, this.protobufTypenames.get(message));
	}

}
