package dev.statefun.spring.json;

import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.statefun.sdk.message.InvalidDeclarationException;
import dev.statefun.sdk.message.JsonEncoder;
import dev.statefun.sdk.message.MessageCodec;
import dev.statefun.sdk.message.MessageCodecFactory;
import dev.statefun.sdk.message.MessageType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

/**
 * Maps the classes that are marked with {@link MessageType @MessageType} to JSON. The
 * mark may also stand on a superclass or an interface, whose type name then serves all
 * its kinds; Jackson's own annotations tell them apart.
 * <p>
 * What a state looks like is what this mapper makes of it: changing the mapper's settings
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
	 * Create the codecs with a mapper that is asked for when there is something to map.
	 * @param mapper gives what reads and writes the JSON, always the same
	 */
	public JsonMessageCodecs(Supplier<JsonMapper> mapper) {
		Assert.notNull(mapper, "'mapper' must not be null");
		this.mapper = SingletonSupplier.of(mapper);
	}

	@Override
	public <T> @Nullable MessageCodec<T> codecFor(Class<T> type) {
		Class<?> marked = findMarked(type);
		if (marked == null) {
			return null;
		}
		JsonMapper mapper = this.mapper.get();
		if (marked != type && !isPolymorphic(marked, mapper)) {
			throw new InvalidDeclarationException(
					"Type '" + type.getName() + "' has its @MessageType from '" + marked.getName()
							+ "', which does not tell its kinds apart",
					"Put @MessageType on '" + type.getSimpleName() + "' itself, or @JsonTypeInfo on '"
							+ marked.getSimpleName() + "'",
					null);
		}
		String typename = marked.getAnnotation(MessageType.class).value();
		return new JsonCodec<>(type, typename, SingletonSupplier.of(() -> UnchangingTypes.include(type)),
				SingletonSupplier.of(() -> mapper.readerFor(marked)),
				SingletonSupplier.of(() -> mapper.writerFor(marked)));
	}

	// Or else the fields of a kind would be left out, or not find their way back
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

	// The type is looked into when it has a first value, not while the application starts
	private record JsonCodec<T>(Class<T> type, String typename, SingletonSupplier<Boolean> unchanging,
			SingletonSupplier<ObjectReader> reader, SingletonSupplier<ObjectWriter> writer) implements MessageCodec<T> {

		// Even a record can hold a list that somebody changes, and JSON need not tell all
		// of a value: what is read must not depend on where batches end
		@Override
		public boolean immutable() {
			return false;
		}

		@Override
		public boolean encodesOnce() {
			return this.unchanging.obtain();
		}

		@Override
		public T decode(byte[] buffer, int offset, int length) {
			Object value = this.reader.obtain().readValue(buffer, offset, length);
			if (value == null) {
				throw new IllegalArgumentException("JSON null is no value of the type '" + this.type.getName() + "'");
			}
			return this.type.cast(value);
		}

		@Override
		public byte[] encode(T value) {
			return this.writer.obtain().writeValueAsBytes(value);
		}

	}

}
