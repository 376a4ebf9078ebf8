package dev.statefun.sdk.message;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * Creates codecs for Java types. Factories are called in the order of their registration,
 * before the built-in types; the first codec is used and kept. Implementations must be
 * thread-safe.
 *
 * @since 0.1.0
 * @see MessageCodec#of
 */
@FunctionalInterface
public interface MessageCodecFactory {

	/**
	 * Create a codec.
	 * @param type the Java type of a message or a state: a class, or a class with its
	 * type arguments; type variables and wildcards are resolved
	 * @return its codec, or {@code null} if this factory does not support the type
	 */
	@Nullable MessageCodec<?> codecFor(Type type);

	/**
	 * Create a codec for a state of a type that has no name of its own, such as a
	 * collection. The name is that of the declaration of the state.
	 * @param type the Java type of the state, for which no factory has a codec
	 * @param typename name of the state's type, in the form {@code <namespace>/<name>}
	 * @return its codec, which has this name, or {@code null} if this factory does not
	 * support the type, which is the default
	 */
	default @Nullable MessageCodec<?> codecFor(Type type, String typename) {
		return null;
	}

}
