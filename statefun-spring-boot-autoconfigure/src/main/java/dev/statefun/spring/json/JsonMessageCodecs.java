package dev.statefun.spring.json;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.message.DeclaredTypes;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.message.MessageType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

/**
 * Maps classes that are marked with {@link MessageType @MessageType} to JSON. The
 * annotation may also be on a superclass or an interface, whose type name then serves all
 * subtypes; Jackson's own annotations distinguish them. Collections, maps and arrays can
 * be states if their declaration names the type.
 * <p>
 * The form of a state is determined by this mapper: changing the mapper's settings
 * changes stored states.
 *
 * @since 0.1.0
 */
public final class JsonMessageCodecs implements MessageCodecFactory, JsonEncoder {

	private final Supplier<JsonMapper> mapper;

	/**
	 * Create the codecs.
	 * @param mapper reads and writes the JSON
	 */
	public JsonMessageCodecs(JsonMapper mapper) {
		this(() -> mapper);
		Assert.notNull(mapper, "'mapper' must not be null");
	}

	/**
	 * Create the codecs with a mapper that is requested at the first use.
	 * @param mapper provides the mapper, always the same
	 */
	public JsonMessageCodecs(Supplier<JsonMapper> mapper) {
		Assert.notNull(mapper, "'mapper' must not be null");
		this.mapper = SingletonSupplier.of(mapper);
	}

	/**
	 * Internal: return whether a codec writes JSON.
	 * @param codec the codec
	 * @return whether it is one of these
	 */
	public static boolean isJson(MessageCodec<?> codec) {
		return codec instanceof JsonCodec;
	}

	@Override
	public @Nullable MessageCodec<?> codecFor(Type type) {
		Class<?> valueClass = DeclaredTypes.classOf(type);
		Class<?> marked = findMarked(valueClass);
		if (marked == null) {
			return null;
		}
		JsonMapper mapper = this.mapper.get();
		if (marked != valueClass && !isPolymorphic(marked, mapper)) {
			throw new InvalidDeclarationException(
					"Type '" + valueClass.getName() + "' has its @MessageType from '" + marked.getName()
							+ "', which does not distinguish its subtypes",
					"Put @MessageType on '" + valueClass.getSimpleName() + "' itself, or @JsonTypeInfo on '"
							+ marked.getSimpleName() + "'",
					null);
		}
		MessageType names = marked.getAnnotation(MessageType.class);
		Type named = (marked != valueClass) ? marked : type;
		return new JsonCodec(type, names.value(), Set.of(names.aliases()), named, mapper);
	}

	// For collections, which have no name of their own; bytes are left to other codecs
	@Override
	public @Nullable MessageCodec<?> codecFor(Type type, String typename) {
		Class<?> container = DeclaredTypes.classOf(type);
		boolean taken = Collection.class.isAssignableFrom(container) || Map.class.isAssignableFrom(container)
				|| container.isArray() && container != byte[].class;
		return taken ? new JsonCodec(type, typename, Set.of(), type, this.mapper.get()) : null;
	}

	// Otherwise the fields of a subtype would be left out, or could not be read
	private static boolean isPolymorphic(Class<?> marked, JsonMapper mapper) {
		return marked.isAnnotationPresent(JsonTypeInfo.class)
				|| mapper.serializationConfig().getDefaultTyper(mapper.constructType(marked)) != null;
	}

	private static @Nullable Class<?> findMarked(@Nullable Class<?> type) {
		if (type == null || type.isAnnotationPresent(MessageType.class)) {
			return type;
		}
		Class<?> marked = findMarked(type.getSuperclass());
		for (Class<?> implemented : type.getInterfaces()) {
			marked = (marked != null) ? marked : findMarked(implemented);
		}
		return marked;
	}

	@Override
	public byte[] encode(Object value) {
		return this.mapper.get().writeValueAsBytes(value);
	}

}
