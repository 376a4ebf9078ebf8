package dev.statefun.sdk.message;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;

import dev.statefun.sdk.schema.SchemaDefinitions;
import dev.statefun.sdk.schema.ValueSchema;

/**
 * Encodes values of one Java type as the bytes of one message type, and decodes them.
 * <p>
 * Implementations must be thread-safe. Use {@link #of} for a type that needs no more than
 * a name and two functions:
 *
 * <pre class="code">
 * MessageCodec.of(LocalDate.class, "shop/Date",
 * 		(date) -&gt; date.toString().getBytes(UTF_8),
 * 		(bytes) -&gt; LocalDate.parse(new String(bytes, UTF_8)))
 * </pre>
 *
 * @param <T> the Java type
 * @since 0.1.0
 */
public interface MessageCodec<T> {

	/**
	 * Create a codec from two functions. Its values are treated as mutable: a state is
	 * decoded by every read.
	 * @param <T> the Java type
	 * @param type the Java type
	 * @param typename name of the message type, in the form {@code <namespace>/<name>}
	 * @param encoder encodes a value; must be thread-safe
	 * @param decoder decodes a value; must be thread-safe
	 * @return the codec
	 */
	static <T> MessageCodec<T> of(Class<T> type, String typename, Encoder<? super T> encoder,
			Decoder<? extends T> decoder) {
		Objects.requireNonNull(type, "'type' must not be null");
		Objects.requireNonNull(typename, "'typename' must not be null");
		Objects.requireNonNull(encoder, "'encoder' must not be null");
		Objects.requireNonNull(decoder, "'decoder' must not be null");
		return new MessageCodec<>() {

			@Override
			public Type type() {
				return type;
			}

			@Override
			public String typename() {
				return typename;
			}

			@Override
			public boolean immutable() {
				return false;
			}

			@Override
			public T decode(byte[] buffer, int offset, int length) throws Exception {
				T value = decoder.decode(Arrays.copyOfRange(buffer, offset, offset + length));
				return Objects.requireNonNull(value, "The decoder of '" + typename + "' has returned null");
			}

			@Override
			public byte[] encode(T value) throws Exception {
				byte[] bytes = encoder.encode(value);
				return Objects.requireNonNull(bytes, "The encoder of '" + typename + "' has returned null");
			}

		};
	}

	/**
	 * Return the Java type of the values.
	 * @return the Java type: a class, or a class with its type arguments
	 */
	Type type();

	/**
	 * Return the name of the message type on the wire: the {@code typename} of a 3.x
	 * cluster and the {@code type_url} of a 2.x cluster (protocol.md §1).
	 * @return the type name, in the form {@code <namespace>/<name>}
	 */
	String typename();

	/**
	 * Return further names under which a value may arrive, such as the names of earlier
	 * releases. Values are written under {@link #typename()}.
	 * @return names in the form {@code <namespace>/<name>}; none by default
	 */
	default Set<String> aliases() {
		return Set.of();
	}

	/**
	 * Return the Java type that the names belong to. Codecs may share a name only if they
	 * share this type, as those of the subtypes of a polymorphic type do.
	 * @return the type that declares the names; {@link #type()} by default
	 */
	default Type namedType() {
		return type();
	}

	/**
	 * Return whether values are immutable. An immutable state is decoded once and kept
	 * for the batch; a mutable one is decoded by every read, so that a later change of
	 * the object has no effect (protocol.md §8). Every write encodes the value, so that a
	 * failure to encode it is attributed to the message that wrote it. Numbers, booleans
	 * and protobuf messages can always be encoded, which is done once for the batch.
	 * @return whether values are immutable
	 */
	boolean immutable();

	/**
	 * Return whether the encoding of an object may be reused for the same object until
	 * the batch ends, as for an object that is written to a state and then sent. Useful
	 * where encoding is slow; wrong if anything in the object can change.
	 * @return whether each object is encoded once; {@code false} by default
	 */
	default boolean encodesOnce() {
		return false;
	}

	/**
	 * Return names under which a value may also arrive with any prefix before the last
	 * {@code /}, as protobuf messages may (protocol.md §7.4).
	 * @return names without a prefix; none by default
	 */
	default Set<String> unqualifiedNames() {
		return Set.of();
	}

	/**
	 * Describe the form of values, so that a later release can be compared. Only called
	 * when a manifest is written or compared.
	 * @param definitions receives the schemas that are referred to by name
	 * @return the schema of the values; unknown by default
	 */
	default ValueSchema schema(SchemaDefinitions definitions) {
		return new ValueSchema.Opaque(getClass().getName());
	}

	/**
	 * Decode a value.
	 * @param buffer the bytes of a request; must be neither changed nor kept
	 * @param offset where the value starts
	 * @param length number of bytes of the value, which may be 0
	 * @return the value
	 * @throws Exception if the bytes are no value of this type
	 */
	T decode(byte[] buffer, int offset, int length) throws Exception;

	/**
	 * Encode a value.
	 * @param value the value
	 * @return its bytes; the caller may keep the array
	 * @throws Exception if the value can't be encoded
	 */
	byte[] encode(T value) throws Exception;

	/**
	 * Encodes values. Must be thread-safe.
	 *
	 * @param <T> the Java type
	 */
	@FunctionalInterface
	interface Encoder<T> {

		/**
		 * Encode a value.
		 * @param value the value
		 * @return its bytes; the caller may keep the array
		 * @throws Exception if the value can't be encoded
		 */
		byte[] encode(T value) throws Exception;

	}

	/**
	 * Decodes values. Must be thread-safe.
	 *
	 * @param <T> the Java type
	 */
	@FunctionalInterface
	interface Decoder<T> {

		/**
		 * Decode a value.
		 * @param bytes all bytes of the value, which may be none
		 * @return the value
		 * @throws Exception if the bytes are no value of the type
		 */
		T decode(byte[] bytes) throws Exception;

	}

}
