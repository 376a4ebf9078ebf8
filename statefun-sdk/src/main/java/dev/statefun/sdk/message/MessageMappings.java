package dev.statefun.sdk.message;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.statefun.sdk.protocol.TimerFields;
import org.jspecify.annotations.Nullable;

/**
 * Message types of one registry of functions. A mapping is created when its type is first
 * used, and kept as long as the registry. There is no static state, so discarding a class
 * loader discards its types.
 * <p>
 * A message type belongs to one Java type: a name that is already taken is refused.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageMappings {

	private final List<MessageCodecFactory> factories;

	private final Map<Class<? extends Message>, List<String>> protobufTypenames;

	private final Map<Type, MessageMapping<?>> mappings = new ConcurrentHashMap<>();

	private final Map<NamedState, MessageMapping<?>> stateMappings = new ConcurrentHashMap<>();

	/** The Java types that the names belong to. Guarded by itself. */
	private final Map<String, Type> namedTypes = new HashMap<>();

	/**
	 * Create the message types of a registry.
	 * @param factories factories of codecs, called in this order before the built-in
	 * types
	 * @param protobufTypenames type names of protobuf messages that are not named
	 * {@code type.googleapis.com/<full name>}; the first one is written
	 */
	public MessageMappings(List<MessageCodecFactory> factories,
			Map<Class<? extends Message>, List<String>> protobufTypenames) {
		this.factories = List.copyOf(factories);
		this.protobufTypenames = Map.copyOf(protobufTypenames);
	}

	/**
	 * Return the mapping of a Java class, created by a registered factory or built in for
	 * protobuf messages, {@link Any}, primitive types and {@code String}. A generic class
	 * has the mapping that was created for it with type arguments, if there is one.
	 * @param <T> the Java type
	 * @param type the Java class; a primitive class is treated as its wrapper
	 * @return its mapping
	 * @throws UnmappedTypeException if the type can't be mapped
	 * @throws IllegalArgumentException if a name of the message type is not of the form
	 * {@code <namespace>/<name>}, or belongs to another Java type
	 */
	@SuppressWarnings("unchecked")
	public <T> MessageMapping<T> of(Class<T> type) {
		return (MessageMapping<T>) of((Type) type);
	}

	/**
	 * Return the mapping of a Java type.
	 * @param type the Java type: a class, or a class with its type arguments
	 * @return its mapping
	 * @throws UnmappedTypeException if the type can't be mapped
	 * @throws IllegalArgumentException if a name of the message type is not of the form
	 * {@code <namespace>/<name>}, or belongs to another Java type
	 */
	public MessageMapping<?> of(Type type) {
		Objects.requireNonNull(type, "'type' must not be null");
		MessageMapping<?> mapping = this.mappings.get(type);
		return (mapping != null) ? mapping : create(type);
	}

	/**
	 * Return the mapping of a state that is declared with a type name. Its type need not
	 * have a name of its own.
	 * @param type the Java type: a class, or a class with its type arguments
	 * @param typename name of the state's type, under which it is written
	 * @return its mapping
	 * @throws UnmappedTypeException if the type can't be mapped
	 */
	public MessageMapping<?> of(Type type, String typename) {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(typename, "'typename' must not be null");
		return this.stateMappings.computeIfAbsent(new NamedState(type, typename), this::createForState);
	}

	/**
	 * Return the mappings of a message type that were created so far, for tools that
	 * display messages. There is one for every type that a function handles, keeps or has
	 * sent.
	 * @param typename name of a message type
	 * @return the mappings, ordered by the names of their Java types; several if they
	 * share the message type
	 */
	public List<MessageMapping<?>> accepting(String typename) {
		Objects.requireNonNull(typename, "'typename' must not be null");
		return Stream
			.concat(this.mappings.entrySet().stream(),
					this.stateMappings.entrySet()
						.stream()
						.map((entry) -> Map.entry(entry.getKey().type(), entry.getValue())))
			.filter((entry) -> entry.getValue().accepts(typename))
			.sorted(Comparator.comparing((entry) -> entry.getKey().getTypeName()))
			.<MessageMapping<?>>map(Map.Entry::getValue)
			.toList();
	}

	/**
	 * Internal: encode a value of one of the six primitive types.
	 * @param value the value
	 * @return its bytes
	 * @throws IllegalArgumentException if it is of another type
	 */
	@SuppressWarnings("unchecked")
	public static byte[] encodePrimitive(Object value) {
		PrimitiveCodec<Object> codec = (PrimitiveCodec<Object>) PrimitiveCodec.forType(value.getClass());
		if (codec == null) {
			throw new IllegalArgumentException("A '" + value.getClass().getName()
					+ "' is no primitive; expected Boolean, Integer, Long, Float, Double or String");
		}
		return codec.encode(value);
	}

	private MessageMapping<?> create(Type type) {
		MessageCodec<?> codec = codecFor(type);
		if (codec == null) {
			throw new UnmappedTypeException(type);
		}
		MessageMapping<?> mapping = new MessageMapping<>(codec);
		requireOwnNames(mapping);
		MessageMapping<?> first = this.mappings.putIfAbsent(type, mapping);
		if (type instanceof ParameterizedType parameterized) {
			this.mappings.putIfAbsent(parameterized.getRawType(), mapping);
		}
		return (first != null) ? first : mapping;
	}

	private void requireOwnNames(MessageMapping<?> mapping) {
		Type named = mapping.codec().namedType();
		synchronized (this.namedTypes) {
			for (String typename : mapping.typenames()) {
				if (typename.equals(TimerFields.MESSAGE_TYPENAME)) {
					throw new InvalidDeclarationException(
							"Message type '" + typename + "' of '" + named.getTypeName()
									+ "' is reserved for the messages of named timers",
							"Give the type another name", null);
				}
				Type other = this.namedTypes.putIfAbsent(typename, named);
				if (other != null && isAnother(other, named)) {
					throw new InvalidDeclarationException("Message type '" + typename + "' is the name of '"
							+ other.getTypeName() + "' and of '" + named.getTypeName() + "'",
							"Give each type a name of its own", null);
				}
			}
		}
	}

	// A sent object has a class but no type arguments, so its class matches any of them
	private static boolean isAnother(Type first, Type second) {
		boolean sameClass = DeclaredTypes.classOf(first) == DeclaredTypes.classOf(second);
		return !first.equals(second) && !(sameClass && (first instanceof Class || second instanceof Class));
	}

	private MessageMapping<?> createForState(NamedState state) {
		MessageCodec<?> codec = codecFor(state.type());
		if (codec == null) {
			codec = firstOf((factory) -> factory.codecFor(state.type(), state.typename()));
		}
		if (codec == null) {
			throw new UnmappedTypeException(state.type());
		}
		return new MessageMapping<>(codec, state.typename());
	}

	private @Nullable MessageCodec<?> codecFor(Type type) {
		MessageCodec<?> codec = firstOf((factory) -> factory.codecFor(type));
		return (codec != null) ? codec : builtIn(type);
	}

	private @Nullable MessageCodec<?> firstOf(Function<MessageCodecFactory, @Nullable MessageCodec<?>> codecs) {
		for (MessageCodecFactory factory : this.factories) {
			MessageCodec<?> codec = codecs.apply(factory);
			if (codec != null) {
				return codec;
			}
		}
		return null;
	}

	private @Nullable MessageCodec<?> builtIn(Type type) {
		MessageCodec<?> codec = PrimitiveCodec.forType(type);
		if (codec == null && type instanceof Class<?> message && Message.class.isAssignableFrom(message)) {
			return protobuf(message.asSubclass(Message.class));
		}
		return codec;
	}

	private <T extends Message> MessageCodec<T> protobuf(Class<T> message) {
		return new ProtobufCodec<>(message, this.protobufTypenames.getOrDefault(message, List.of()));
	}

	/**
	 * Type of a state with the type name of its declaration.
	 *
	 * @param type the Java type
	 * @param typename the name
	 */
	private record NamedState(Type type, String typename) {
	}

}
